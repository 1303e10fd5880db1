import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLlamaduct } from "llamaduct";
import { describe, expect, it, onTestFinished } from "vitest";
import { formatReport } from "./format-report.ts";
import { defaultConfig, loadConfig } from "./load-config.ts";

const PROVIDER = `export const provider = {
  specVersion: 1,
  id: "acme",
  create: () => ({ specVersion: 1, id: "acme", settings: [], listModels: async () => [{ id: "one", capabilities: {} }] }),
};`;

const CONFIG = `providers: ["./acme.mjs"]
model_list:
  - model_name: "acme/*"
    litellm_params: { model: acme/* }
  - { model_name: b, litellm_params: { model: groq/b } }
general_settings: { masterkey: x }
`;

describe("loadConfig", () => {
  it("serves by a provider that lies beside the file, and reports", async () => {
    const folder = await mkdtemp(join(tmpdir(), "llamaduct-config-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "acme.mjs"), PROVIDER);
    await writeFile(join(folder, "config.yaml"), CONFIG);
    const { engine, report } = await loadConfig({ path: join(folder, "config.yaml"), environment: {} });
    expect(engine.providers?.map(({ id }) => id)).toEqual(["ollama_chat", "ollama", "openai", "acme", "unavailable"]);
    const llamaduct = createLlamaduct(engine);
    onTestFinished(() => llamaduct.close());
    expect((await llamaduct.listModels()).data.map(({ id }) => id)).toEqual(["acme/one"]);
    expect(formatReport(report).replaceAll(folder, "")).toBe(
      [
        "honoured  /config.yaml:1 providers[0]",
        "honoured  /config.yaml:3 model_list[0].model_name",
        "honoured  /config.yaml:4 model_list[0].litellm_params.model",
        'ignored   /config.yaml:5 model_list[1].litellm_params.model: "b" is skipped: the provider of "groq/b" is not installed; a package under providers would serve it. Calling it is an error.',
        'ignored   /config.yaml:6 general_settings.masterkey: Nobody reads this key. Did you mean "master_key"?',
      ].join("\n"),
    );
  });
});

describe("defaultConfig", () => {
  it("serves the host of the environment", () => {
    expect(defaultConfig({ OLLAMA_HOST: "gpu", LITELLM_MASTER_KEY: "sk-1", DEFAULT_MAX_RETRIES: "0" })).toEqual({
      engine: {
        routing: { retries: 0 },
        settings: { ollama_chat: { baseURL: "gpu" }, ollama: { baseURL: "gpu" }, openai: {} },
        cloudModels: false,
      },
      server: { masterKey: "sk-1" },
      report: { findings: [] },
    });
  });
});
