import type { ProviderFactory } from "@llamaduct/core";
import { createLlamaduct } from "llamaduct";
import { describe, expect, it } from "vitest";
import { StartError } from "../cli/start-error.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { ProxyConfig } from "./proxy-config.ts";
import { toProxyConfig } from "./to-proxy-config.ts";

function convert(text: string, environment: Record<string, string> = {}): Promise<ProxyConfig> {
  const { value, ...rest } = parseYaml("config.yaml", text);
  return toProxyConfig(
    { value: (value ?? {}) as object as Record<string, unknown>, ...rest },
    { environment, folders: [] },
  );
}
const findings = async (text: string, environment?: Record<string, string>) => {
  const { report } = await convert(text, environment);
  const told = report.findings.filter(({ kind }) => kind !== "honoured");
  return told.map(({ kind, at, message }) => `${kind} ${at}: ${message}`);
};
const model = (params: string) =>
  `model_list:\n  - model_name: m\n    litellm_params: { model: ollama_chat/m, ${params} }\n`;

describe("toProxyConfig", () => {
  it("makes deployments, routing and server of a file", async () => {
    const { engine, server } = await convert(
      `
model_list:
  - model_name: llama
    litellm_params:
      model: ollama_chat/llama3.2
      api_base: os.environ/BASE
      timeout: "30"
router_settings:
  num_retries: 1
  model_group_alias: { other: llama }
general_settings:
  master_key: os.environ/KEY
llamaduct:
  image_urls: yes
  recover_tool_calls: no
`,
      { BASE: "http://gpu:11434", KEY: "sk-1", OLLAMA_API_KEY: "k" },
    );
    expect(engine).toMatchObject({
      deployments: [
        {
          name: "llama",
          model: "ollama_chat/llama3.2",
          settings: { baseURL: "http://gpu:11434" },
          timeoutMs: 30_000,
        },
      ],
      routing: { retries: 1 },
      aliases: { other: { model: "llama" } },
      settings: { ollama: { apiKey: "k" } },
      images: { remote: {} },
      recoverToolCalls: false,
    });
    expect(server).toEqual({ masterKey: "sk-1" });
  });

  it.each(["", "# nothing", "model_list:\ngeneral_settings: ~\n"])(
    "%j serves every model, as no file does",
    async (text) => {
      const { engine, report } = await convert(text);
      expect(engine).not.toHaveProperty("deployments");
      expect(report.findings).toEqual([]);
    },
  );

  it("serves nothing when the list is empty", async () => {
    expect((await convert("model_list: []")).engine.deployments).toEqual([]);
  });

  it("reads variables that the file itself sets, before those around it", async () => {
    const text = `environment_variables: { A: "1", B: os.environ/OUTER, OLLAMA_API_BASE: http://x, LITELLM_MASTER_KEY: sk-file }\n${model(
      "api_base: os.environ/B, api_key: os.environ/A",
    )}`;
    const { engine, server } = await convert(text, { OUTER: "http://outer", A: "0", LITELLM_MASTER_KEY: "sk-outer" });
    expect(engine.deployments?.[0]?.settings).toEqual({ baseURL: "http://outer", apiKey: "1" });
    expect(engine.settings?.["ollama_chat"]?.baseURL).toBe("http://x");
    expect(server.masterKey).toBe("sk-file");
  });

  it("tells of a variable that is not set, and leaves the key out", async () => {
    const text = model("api_key: os.environ/KEY");
    for (const environment of [{}, { KEY: "" }]) {
      expect(await findings(text, environment)).toEqual([
        "ignored config.yaml:3 model_list[0].litellm_params.api_key: The environment variable KEY is not set.",
      ]);
      expect((await convert(text, environment)).engine.deployments?.[0]?.settings).toEqual({});
    }
  });

  it("does not fill in part of a text", async () => {
    const { server } = await convert("general_settings:\n  master_key: sk-os.environ/KEY\n", { KEY: "x" });
    expect(server.masterKey).toBe("sk-os.environ/KEY");
  });

  it("says nothing of what is switched off, however it is written", async () => {
    const text = 'general_settings: { background_health_checks: "False", alerting: [], database_url: "" }';
    expect(await findings(text)).toEqual([]);
    expect(await findings("general_settings: { background_health_checks: on }")).toHaveLength(1);
  });

  it("tells of a key that stands twice", async () => {
    expect(await findings("general_settings: {}\ngeneral_settings: {}\n")).toEqual([
      "changed config.yaml:2 general_settings: The key stands twice, and as in LiteLLM the last one counts.",
    ]);
  });

  it("goes without a credential that is not there, as LiteLLM, and tells", async () => {
    expect(await findings(model("litellm_credential_name: x"))).toEqual([
      "ignored config.yaml:3 model_list[0].litellm_params.litellm_credential_name: credential_list has none of that name.",
    ]);
  });

  it("tells of the sections in the file's order", async () => {
    const text = `router_settings: { x1: 1 }\n${model("max_retries: 2")}litellm_settings: { x2: 1 }\n`;
    expect((await findings(text)).map((line) => line.split(" ")[2])).toEqual([
      "router_settings.x1:",
      "model_list[0].litellm_params.max_retries:",
      "litellm_settings.x2:",
    ]);
  });

  describe("an entry of a provider that is not installed", () => {
    const text = `
model_list:
  - { model_name: gpt, litellm_params: { model: groq/gpt-4o } }
  - { model_name: "claude*", litellm_params: { model: anthropic/claude* } }
  - { model_name: "*", litellm_params: { model: "ollama_chat/*", api_base: "http://127.0.0.1:9", mock_response: hello } }
router_settings: { num_retries: 0 }
`;

    it("is skipped, with its name", async () => {
      expect(await findings(text)).toEqual([
        'ignored config.yaml:3 model_list[0].litellm_params.model: "gpt" is skipped: the provider of "groq/gpt-4o" is not installed; a package under providers would serve it. Calling it is an error.',
        'ignored config.yaml:4 model_list[1].litellm_params.model: "claude*" is skipped: the provider of "anthropic/claude*" is not installed; a package under providers would serve it. Calling it is an error.',
      ]);
    });

    it("says so when it is called, whatever it is asked, and never goes to a wildcard", async () => {
      const engine = createLlamaduct((await convert(text)).engine);
      const messages = [{ role: "user", content: "hi" }] as const;
      const refused = (name: string) => ({
        code: "model_not_found",
        message: `The provider of "${name}" is not installed here, or has no key.`,
      });
      const strict = { drop_params: false, temperature: 0, logit_bias: {}, seed: 1 };
      await expect(engine.completion({ model: "gpt", messages, ...strict })).rejects.toMatchObject(
        refused("groq/gpt-4o"),
      );
      await expect(engine.completion({ model: "claude-4", messages })).rejects.toMatchObject(
        refused("anthropic/claude-4"),
      );
      await expect(engine.textCompletion({ model: "gpt", prompt: "a" })).rejects.toMatchObject(refused("groq/gpt-4o"));
      await expect(engine.embedding({ model: "gpt", input: "a" })).rejects.toMatchObject(refused("groq/gpt-4o"));
      engine.close();
    });

    it("leaves the rest of its group alone", async () => {
      const both = `${model("")}  - { model_name: m, litellm_params: { model: groq/x } }\n`;
      expect((await convert(both)).engine.deployments?.map((each) => each.model)).toEqual(["ollama_chat/m"]);
      expect((await convert(both)).engine.providers?.map(({ id }) => id)).not.toContain("unavailable");
    });
  });

  it("serves entries of further providers", async () => {
    const acme: ProviderFactory = {
      specVersion: 1,
      id: "acme",
      create: () => ({ specVersion: 1, id: "acme", settings: [] }),
    };
    const { value, ...rest } = parseYaml("c", "model_list: [{ model_name: a, litellm_params: { model: acme/a } }]");
    const files = { value: value as Record<string, unknown>, ...rest };
    const { engine } = await toProxyConfig(files, { environment: {}, folders: [], providers: [acme] });
    expect(engine.providers).toEqual([acme]);
    expect(engine.deployments).toEqual([{ name: "a", model: "acme/a", settings: {}, defaults: {} }]);
  });

  it.each([
    [
      "a master key that is not set",
      "general_settings:\n  master_key: os.environ/KEY\n",
      "config.yaml:2 general_settings.master_key needs the environment variable KEY, which is not set.",
    ],
    [
      "an empty master key",
      'general_settings:\n  master_key: ""\n',
      "config.yaml:2 general_settings.master_key must not be empty.",
    ],
    [
      "a number as a key",
      "general_settings:\n\n  master_key: 1234\n",
      "config.yaml:3 general_settings.master_key must be a text.",
    ],
    [
      "a missing model, and a wrong timeout",
      "model_list:\n  - model_name: a\n    litellm_params:\n      timeout: soon\n",
      "config.yaml:3 model_list[0].litellm_params.model must be a text.\n" +
        "config.yaml:4 model_list[0].litellm_params.timeout must be a number of seconds.",
    ],
    [
      "a model whose variable is not set",
      "model_list: [{ model_name: a, litellm_params: { model: os.environ/M } }]",
      "config.yaml:1 model_list[0].litellm_params.model needs the environment variable M, which is not set.",
    ],
    [
      "an entry without parameters",
      "model_list:\n  - model_name: a\n",
      "config.yaml:2 model_list[0].litellm_params must be a map with at least a model.",
    ],
    ["no list", "\nmodel_list: {}\n", "config.yaml:2 model_list must be a list."],
    [
      "a header that is a number",
      model("headers: { x: 1 }"),
      "config.yaml:3 model_list[0].litellm_params.headers.x must be a text.",
    ],
    [
      "a fault behind an alias",
      "x: &x\n  model_name: 7\n  litellm_params: { model: b/c }\nmodel_list:\n  - *x\n",
      "config.yaml:2 model_list[0].model_name must be a text.",
    ],
    [
      "an address that is none",
      model("api_base: 'http://[half'"),
      /^config\.yaml:3 model_list\[0\]\.litellm_params\.api_base is refused by ollama_chat: .*\.$/,
    ],
    [
      "a strategy that nobody knows",
      "router_settings:\n  routing_strategy: fastest\n",
      "config.yaml:2 router_settings.routing_strategy must be one of simple-shuffle, least-busy, latency-based-routing, usage-based-routing, usage-based-routing-v2, warm-first.",
    ],
    [
      "a pattern that is none",
      model('tag_regex: ["("]'),
      "config.yaml:3 model_list[0].litellm_params.tag_regex[0] must be a regular expression.",
    ],
    [
      "an id that is there twice",
      `${model("")}    model_info: { id: x }\n  - { model_name: n, litellm_params: { model: ollama/n }, model_info: { id: x } }\n`,
      'config.yaml:5 model_list[1].model_info.id is another entry\'s too: "x".',
    ],
    [
      "a fallback to nowhere",
      `${model("")}litellm_settings:\n  fallbacks: [{ m: [n] }]\n`,
      'config.yaml:5 litellm_settings.fallbacks[0].m[0] leads to "n", and there is no such model.',
    ],
    [
      "a key that is there twice",
      "llamaduct:\n  keys:\n    - { name: a, key: k }\n    - { name: a, key: l }\n    - { name: b, key: k }\n",
      "config.yaml:4 llamaduct.keys[1].name is another key's too.\nconfig.yaml:5 llamaduct.keys[2] is a key that is there already.",
    ],
    [
      "a key that is none",
      "llamaduct:\n  keys:\n    - { name: a }\n    - { name: b, key: k, sha256: abc }\n    - { name: c, key: k, expires: never }\n",
      "config.yaml:3 llamaduct.keys[0] must have key or sha256, and not both.\n" +
        "config.yaml:4 llamaduct.keys[1].sha256 must be 64 hexadecimal digits.\n" +
        "config.yaml:4 llamaduct.keys[1] must have key or sha256, and not both.\n" +
        "config.yaml:5 llamaduct.keys[2].expires must be a date, such as 2027-01-31.",
    ],
    [
      "a host without an address",
      "llamaduct:\n  hosts: [{ name: x }]",
      "config.yaml:2 llamaduct.hosts[0] must be a URL, or a map with one.",
    ],
    [
      "a host whose address is none",
      "llamaduct:\n  hosts:\n    - http://a\n    - 'http://[half'\n",
      /^config\.yaml:4 llamaduct\.hosts\[1\] is refused by ollama_chat: [^\n]*\.$/,
    ],
    [
      "two hosts of one name",
      "llamaduct:\n  hosts: [http://a, { url: https://a, name: a }]\n",
      'config.yaml:2 llamaduct.hosts[1] has the name of another: "a".',
    ],
  ])("refuses %s", async (_, text, message) => {
    await expect(convert(text)).rejects.toThrow(message instanceof RegExp ? message : new StartError(message));
  });

  it("refuses a number of the environment that is none", async () => {
    const refused = new StartError('The environment variable DEFAULT_MAX_RETRIES must be a number, not "many".');
    await expect(convert("", { DEFAULT_MAX_RETRIES: "many" })).rejects.toThrow(refused);
  });
});
