import { expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { withModel } from "./model-config.ts";
import { StartError } from "./start-error.ts";

const config = { engine: { settings: {} }, server: { masterKey: "k" }, report: { findings: [] } };
const having = (...args: string[]) => withModel(config, parseCommandLine(args).options);

it("changes nothing without a model", () => {
  expect(having()).toBe(config);
  expect(having("--drop_params", "--add_function_to_prompt")).toBe(config);
});

it("without a model or a config, clients cannot spend the owner's key for OpenAI", () => {
  const [ollama, openai] = [{ baseURL: "http://gpu" }, { apiKey: "sk-owner" }];
  const settings = { ollama, openai };
  const { options } = parseCommandLine([]);
  expect(withModel({ ...config, engine: { settings } }, options).engine.settings).toEqual({ ollama });
  const listed = { ...config, engine: { settings, deployments: [] } };
  expect(withModel(listed, options)).toBe(listed);
});

it("makes a deployment that answers whatever is asked for", () => {
  expect(having("--model", "ollama_chat/llama3.2")).toEqual({
    engine: {
      settings: {},
      deployments: [{ name: "ollama_chat/llama3.2", model: "ollama_chat/llama3.2", settings: {}, defaults: {} }],
    },
    server: { masterKey: "k", completionModel: "ollama_chat/llama3.2", embeddingModel: "ollama_chat/llama3.2" },
    report: { findings: [] },
  });
});

it("reads everything that the command line says of it", () => {
  const said = ["--alias", "mine", "--api_base", "http://gpu", "--headers", '{"x-team":"a"}', "--temperature", "0"];
  const { engine, server } = having("-m", "ollama/x", ...said, "--max_tokens", "9", "--request_timeout", "1.5");
  expect(engine.deployments).toEqual([
    {
      name: "mine",
      model: "ollama/x",
      settings: { baseURL: "http://gpu", headers: { "x-team": "a" } },
      defaults: { temperature: 0, max_tokens: 9 },
      timeoutMs: 1500,
    },
  ]);
  expect(server).toMatchObject({ completionModel: "mine", embeddingModel: "mine" });
});

it.each(["llama3.2", "hf.co/bartowski/Llama", "acme/llama"])("takes %s for a model of the first provider", (name) => {
  expect(having("--model", name).engine.deployments).toMatchObject([{ name, model: `ollama_chat/${name}` }]);
});

it("stands beside what a config has", () => {
  const other = { name: "a", model: "ollama/a" };
  const { options } = parseCommandLine(["--model", "ollama/x"]);
  const { engine } = withModel({ ...config, engine: { deployments: [other] } }, options);
  expect(engine.deployments).toMatchObject([other, { name: "ollama/x" }]);
});

it.each(["{", "[]", '"a"', "null", '{"a":1}'])("refuses headers that are none: %s", (text) => {
  expect(() => having("--model", "x", "--headers", text)).toThrow(StartError);
});

it.each(["--alias", "--api_base", "--headers", "--temperature", "--max_tokens", "--request_timeout"])(
  "%s without a model would have no effect, and is refused",
  (flag) => {
    expect(() => having(flag, "1")).toThrow(`${flag.replaceAll("_", "-")} says something of a model`);
  },
);
