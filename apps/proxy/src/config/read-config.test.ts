import { describe, expect, it } from "vitest";
import { StartError } from "../cli/start-error.ts";
import { readConfig } from "./read-config.ts";

const read = (text: string, environment: Record<string, string> = {}) =>
  readConfig({ path: "config.yaml", text, environment });

describe("readConfig", () => {
  it("reads a file of LiteLLM's", () => {
    const { config, warnings } = read(
      `
model_list:
  - model_name: llama
    litellm_params:
      model: ollama_chat/llama3.2
      api_base: os.environ/BASE
      timeout: "30"
general_settings:
  master_key: os.environ/KEY
`,
      { BASE: "http://gpu:11434", KEY: "sk-1" },
    );
    expect(config).toEqual({
      model_list: [
        {
          model_name: "llama",
          litellm_params: { model: "ollama_chat/llama3.2", api_base: "http://gpu:11434", timeout: 30 },
        },
      ],
      general_settings: { master_key: "sk-1" },
    });
    expect(warnings).toEqual([]);
  });

  it.each(["", "# nothing", "model_list:\ngeneral_settings:\n"])("nothing is a config too: %j", (text) => {
    expect(read(text).warnings).toEqual([]);
  });

  it("merges anchors, as LiteLLM's parser does", () => {
    const { config } = read(`
shared: &shared
  api_base: http://gpu:11434
model_list:
  - model_name: a
    litellm_params:
      <<: *shared
      model: ollama_chat/a
`);
    expect(config.model_list?.[0]?.litellm_params).toEqual({ api_base: "http://gpu:11434", model: "ollama_chat/a" });
  });

  it("warns of every key that it does not know, with file, line and key", () => {
    const { warnings } = read(`model_list:
  - model_name: a
    model_info:
      id: 7
    litellm_params: { model: ollama_chat/a }
general_settings:
  database_url: postgres://…
router_settings:
  num_retries: 3
litellm_settings:
`);
    expect(warnings).toEqual([
      "config.yaml:8: router_settings has no effect yet.",
      "config.yaml:10: litellm_settings has no effect yet.",
      "config.yaml:7: general_settings.database_url has no effect yet.",
    ]);
  });

  it("warns of a variable that is not set, and leaves the key out", () => {
    const text =
      "model_list:\n  - model_name: a\n    litellm_params:\n      model: ollama_chat/a\n      api_key: os.environ/KEY\n";
    for (const environment of [{}, { KEY: "" }]) {
      const { config, warnings } = read(text, environment);
      expect(warnings).toEqual([
        "config.yaml:5: model_list[0].litellm_params.api_key: the environment variable KEY is not set; the key counts as absent.",
      ]);
      expect(config.model_list?.[0]?.litellm_params.api_key).toBeUndefined();
    }
  });

  it("does not fill in part of a text", () => {
    const { config } = read("general_settings:\n  master_key: sk-os.environ/KEY\n", { KEY: "x" });
    expect(config.general_settings?.master_key).toBe("sk-os.environ/KEY");
  });

  it.each([
    [
      "a master key that is not set",
      "general_settings:\n  master_key: os.environ/KEY\n",
      "config.yaml:2: general_settings.master_key: the environment variable KEY is not set.",
    ],
    [
      "an empty master key",
      'general_settings:\n  master_key: ""\n',
      "config.yaml:2: general_settings.master_key must not be empty.",
    ],
    [
      "a number as a key",
      "general_settings:\n\n  master_key: 1234\n",
      "config.yaml:3: general_settings.master_key must be a text.",
    ],
    [
      "a missing model, and a wrong timeout",
      "model_list:\n  - model_name: a\n    litellm_params:\n      timeout: soon\n",
      "config.yaml:3: model_list[0].litellm_params.model must be a text.\n" +
        "config.yaml:4: model_list[0].litellm_params.timeout must be a number of seconds.",
    ],
    [
      "an entry without parameters",
      "model_list:\n  - model_name: a\n",
      "config.yaml:2: model_list[0].litellm_params must be a map with at least a model.",
    ],
    ["no list", "\nmodel_list: {}\n", "config.yaml:2: model_list must be a list."],
    ["a text", "hello", "config.yaml: the file must be a map."],
    [
      "a header that is a number",
      "model_list:\n  - model_name: a\n    litellm_params:\n      model: b/c\n      headers:\n        x: 1\n",
      "config.yaml:6: model_list[0].litellm_params.headers.x must be a text.",
    ],
    [
      "a fault behind an alias",
      "x: &x\n  model_name: 7\n  litellm_params: { model: b/c }\nmodel_list:\n  - *x\n",
      "config.yaml:2: model_list[0].model_name must be a text.",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => read(text)).toThrow(new StartError(message));
  });

  it.each([
    ["a tab", "model_list:\n\t- a\n", /^config\.yaml:2: /],
    ["a key twice", "a: 1\na: 2\n", /^config\.yaml:2: .*unique/],
    ["an alias of nothing", "a: *b\n", /^config\.yaml(:1)?: .*b/],
  ])("refuses what is not YAML: %s", (_, text, message) => {
    expect(() => read(text)).toThrow(StartError);
    expect(() => read(text)).toThrow(message);
  });
});
