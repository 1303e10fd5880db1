import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator } from "@llamaduct/ollama-emulator";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { help } from "../src/cli/help.ts";
import { file, outcome, started } from "./run-command.ts";

const KEY = "sk-0f9d8c7b6a";
const hi = { role: "user", content: "hi" } as const;

describe("the command line", () => {
  it("--help and --version print and end with 0", async () => {
    expect(await outcome(["--help"])).toEqual({ code: 0, printed: [help()], complaints: [] });
    expect(await outcome(["--version"])).toEqual({ code: 0, printed: [packageJson.version], complaints: [] });
  });

  it("a wrong option ends with 2 and a hint", async () => {
    const { code, printed, complaints } = await outcome(["--prot", "1"]);
    expect({ code, printed }).toEqual({ code: 2, printed: [] });
    expect(complaints).toEqual([expect.stringMatching(/--prot.*\nTry llamaduct --help\.$/s)]);
  });

  it("a flag of LiteLLM's that has no effect is a warning", async () => {
    const { complaints } = await outcome(["--run_gunicorn", "--version"]);
    expect(complaints).toEqual(["warning: --run-gunicorn has no effect. Node.js serves by itself."]);
  });

  it("a port in use ends with 1 and names the fix", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    for (const [args, environment] of [
      [["--port", String(port)], {}],
      [[], { PORT: String(port) }],
    ] as const) {
      const { code, printed, complaints } = await outcome(args, environment);
      expect({ code, printed }).toEqual({ code: 1, printed: [] });
      expect(complaints.at(-1)).toMatch(`Port ${port} is in use. Choose another with --port`);
    }
  });

  it("an address that is not ours ends with 1 and a sentence", async () => {
    const { code, complaints } = await outcome(["--port", "0", "--host", "192.0.2.1"], {
      LITELLM_MASTER_KEY: KEY,
    });
    expect({ code, complaints }).toEqual({
      code: 1,
      complaints: ["Cannot listen on 192.0.2.1, port 0: EADDRNOTAVAIL."],
    });
  });

  it("a config that is not there ends with 1 and a sentence", async () => {
    const { code, complaints } = await outcome(["--config", "/nowhere.yaml"]);
    expect({ code, complaints }).toEqual({ code: 1, complaints: ["The config /nowhere.yaml cannot be read: ENOENT."] });
  });

  it("a config with faults ends with 1 and a line for each", async () => {
    const path = await file("model_list:\n  - model_name: a\n  - 7\n");
    const { code, complaints } = await outcome(["--config", path]);
    expect(code).toBe(1);
    expect(complaints).toEqual([
      `${path}:2 model_list[0].litellm_params must be a map with at least a model.\n` +
        `${path}:3 model_list[1] must be a map with model_name and litellm_params.`,
    ]);
  });

  it("a base URL that is none ends with 1 and names its line", async () => {
    const path = await file(
      "model_list:\n  - model_name: a\n    litellm_params: {model: ollama_chat/x, api_base: 'ftp://host'}\n",
    );
    const { code, complaints } = await outcome(["--config", path, "--port", "0"]);
    expect(code).toBe(1);
    expect(complaints).toEqual([expect.stringContaining(`${path}:3 model_list[0].litellm_params.api_base`)]);
  });

  it("a master key whose variable is not set ends with 1", async () => {
    const path = await file("general_settings:\n  master_key: os.environ/NOPE\n");
    const { code, printed, complaints } = await outcome(["--config", path, "--port", "0"]);
    expect({ code, printed }).toEqual({ code: 1, printed: [] });
    expect(complaints).toEqual([expect.stringMatching(/config\.yaml:2 general_settings\.master_key .*NOPE/)]);
  });
});

describe("a running proxy", () => {
  it("serves every model of OLLAMA_HOST, and says how to use it", async () => {
    await using ollama = await startEmulator();
    const proxy = await started(["--port", "0"], { OLLAMA_HOST: ollama.url });
    expect(proxy.banner).toContain("models: ");
    expect(proxy.banner).toContain("There is no master key: only this machine may ask.");
    expect(proxy.complaints).toEqual([]);
    expect(proxy.banner).not.toContain("DEMO");
    const [, body = ""] = / -d '(.*)'$/m.exec(proxy.banner) ?? [];
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/);
    expect(await proxy.stopped()).toBe(0);
    await expect(fetch(proxy.url)).rejects.toThrow();
  });

  it("--demo answers from recordings when no Ollama does, and says so", async () => {
    const proxy = await started(["--port", "0", "--demo"], { OLLAMA_HOST: "127.0.0.1:1" });
    expect(proxy.banner).toContain("DEMO");
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none" });
    const { choices } = await client.chat.completions.create({ model: "plain", messages: [hi] });
    expect(choices[0]?.message.content).toBe("The quick brown llama jumps over the lazy alpaca.");
    expect(await proxy.stopped()).toBe(0);
  });

  it("without an Ollama it serves, and says what is missing", async () => {
    const proxy = await started(["--port", "0"], { OLLAMA_HOST: "127.0.0.1:1" });
    expect(proxy.banner).toMatch(/models: none yet\..*`ollama serve`/);
    expect(await proxy.stopped()).toBe(0);
  });

  it("K7: it says at the start which host cannot be reached, and what to do", async () => {
    const path = await file(
      "model_list:\n  - { model_name: a, litellm_params: { model: ollama_chat/a, api_base: 'http://u:secret@localhost:1' } }\n",
    );
    const proxy = await started(["--config", path, "--port", "0"], {});
    expect(proxy.banner).toMatch(/models: a\nhttp:\/\/localhost:1: Nothing is listening.*host\.docker\.internal/);
    expect(proxy.banner).not.toContain("secret");
    expect(await proxy.stopped()).toBe(0);
  });

  it("LITELLM_MASTER_KEY is wanted from clients", async () => {
    await using ollama = await startEmulator();
    const proxy = await started(["--port", "0", "--host", "127.0.0.1"], {
      OLLAMA_HOST: ollama.url,
      LITELLM_MASTER_KEY: "sk-1",
    });
    expect(proxy.banner).toContain("Bearer $LITELLM_MASTER_KEY");
    expect(proxy.banner).not.toContain("sk-1");
    expect((await fetch(`${proxy.url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${proxy.url}/v1/models`, { headers: { authorization: "Bearer sk-1" } })).status).toBe(200);
    expect(await proxy.stopped()).toBe(0);
  });

  it("LITELLM_MASTER_KEY counts when a config names no key", async () => {
    const path = await file("model_list:\n  - model_name: a\n    litellm_params: { model: ollama_chat/a }\n");
    const proxy = await started(["--config", path, "--port", "0", "--host", "127.0.0.1"], {
      LITELLM_MASTER_KEY: "sk-1",
    });
    expect((await fetch(`${proxy.url}/v1/models`)).status).toBe(401);
    expect(await proxy.stopped()).toBe(0);
  });

  it("serves the config of the examples", async () => {
    await using ollama = await startEmulator();
    const path = new URL("../../../examples/litellm-config/config.yaml", import.meta.url).pathname;
    const environment = { OLLAMA_API_BASE: ollama.url, LITELLM_MASTER_KEY: "sk-1" };
    const proxy = await started(["--config", path, "--port", "0", "--host", "127.0.0.1"], environment);
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "sk-1" });
    for (const model of ["gpt-4o-mini", "tools", "ollama_chat/thinker"]) {
      const { choices } = await client.chat.completions.create({ model, messages: [hi] });
      expect(choices[0]?.finish_reason).toBe("stop");
    }
    expect(ollama.requests.filter(({ path }) => path === "/api/chat").map(({ body }) => body)).toMatchObject([
      { model: "plain", options: { temperature: 0, num_ctx: 8192 } },
      { model: "tools" },
      { model: "thinker" },
    ]);
    expect(proxy.complaints).toEqual([expect.stringMatching(/^ignored +.*config\.yaml:\d+ .*"claude" is skipped/)]);
    expect(await proxy.stopped()).toBe(0);
  });

  it("lets a stream end before it does, and turns new requests away", async () => {
    await using ollama = await startEmulator({ delayMs: 30 });
    const proxy = await started(["--port", "0"], { OLLAMA_HOST: ollama.url });
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
    const stream = await client.chat.completions.create({ model: "plain", messages: [hi], stream: true });
    let text = "";
    let code: Promise<number> | undefined;
    for await (const chunk of stream) {
      code ??= proxy.stopped();
      text += chunk.choices[0]?.delta.content ?? "";
    }
    const endedAt = performance.now();
    expect(text).toBe("The quick brown llama jumps over the lazy alpaca.");
    expect(await code).toBe(0);
    expect(performance.now() - endedAt).toBeLessThan(3_000);
    await expect(fetch(proxy.url)).rejects.toThrow();
  });
});
