import { spawnSync } from "node:child_process";
import { request } from "node:https";
import { dirname, join } from "node:path";
import { startEmulator } from "@llamaduct/ollama-emulator";
import OpenAI from "openai";
import { describe, expect, it, vi } from "vitest";
import { file, outcome, started } from "./run-command.ts";

const KEY = "sk-0f9d8c7b6a";
const hi = { role: "user", content: "hi" } as const;
const LOCAL = ["--port", "0", "--host", "127.0.0.1"];

describe("one model, without a file", () => {
  it("answers whatever a request asks for, as the flags say", async () => {
    await using ollama = await startEmulator();
    const flags = ["--model", "ollama_chat/plain", "--alias", "mine", "--api_base", ollama.url, "--temperature", "0.5"];
    const more = ["--max_tokens", "90", "--headers", '{"x-team":"a"}', "--drop_params", "--add_function_to_prompt"];
    const proxy = await started([...LOCAL, ...flags, ...more], {});
    expect(proxy.banner).toContain("models: mine\n");
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
    for (const model of ["mine", "gpt-3.5-turbo"]) {
      const { choices } = await client.chat.completions.create({ model, messages: [hi] });
      expect(choices[0]?.finish_reason).toBe("stop");
    }
    const asked = ollama.requests.filter(({ path }) => path === "/api/chat");
    expect(asked.map(({ body }) => body)).toMatchObject(
      Array(2).fill({ model: "plain", options: { temperature: 0.5, num_predict: 90 } }),
    );
    expect(asked[0]?.headers).toMatchObject({ "x-team": "a" });
  });

  it("--request_timeout is a limit in seconds", async () => {
    await using ollama = await startEmulator();
    ollama.enqueue({ fault: { silenceBeforeHeaders: true } });
    const flags = ["--model", "ollama_chat/plain", "--api_base", ollama.url, "--request_timeout", "0.2"];
    const proxy = await started([...LOCAL, ...flags], {});
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
    const asking = client.chat.completions.create({ model: "x", messages: [hi] });
    await expect(asking).rejects.toMatchObject({ code: expect.stringMatching(/timeout/) });
  });
});

describe("where it listens", () => {
  it.each([
    ["no key", {}, [], "127.0.0.1"],
    ["a key that everyone knows", { LITELLM_MASTER_KEY: "sk-1234" }, [], "127.0.0.1"],
    ["a strong key", { LITELLM_MASTER_KEY: KEY }, [], "0.0.0.0"],
    ["a strong key and HOST", { LITELLM_MASTER_KEY: KEY, HOST: "127.0.0.2" }, [], "127.0.0.2"],
    [
      "a strong key, HOST and --host",
      { LITELLM_MASTER_KEY: KEY, HOST: "127.0.0.2" },
      ["--host", "127.0.0.3"],
      "127.0.0.3",
    ],
    ["an opt-out", { LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: "true" }, [], "0.0.0.0"],
  ])("with %s", async (_, environment, args, address) => {
    const proxy = await started(["--port", "0", ...args], { OLLAMA_HOST: "127.0.0.1:1", ...environment });
    const shown = address === "0.0.0.0" ? "127.0.0.1" : address;
    expect(proxy.url).toMatch(new RegExp(`^http://${shown.replaceAll(".", "\\.")}:\\d+$`));
    expect(proxy.banner.includes("on every address of this machine")).toBe(address === "0.0.0.0");
    expect((await fetch(`${proxy.url}/health/liveness`)).status).toBe(200);
    const elsewhere = fetch(`${proxy.url.replace(shown, "127.0.0.9")}/health/liveness`);
    if (address === "0.0.0.0") expect((await elsewhere).status).toBe(200);
    else await expect(elsewhere).rejects.toThrow();
  });

  it("general_settings.dangerously_permit_weak_or_unset_master_key is an opt-out, too", async () => {
    const path = await file("general_settings:\n  dangerously_permit_weak_or_unset_master_key: true\n");
    const proxy = await started(["--config", path, "--port", "0"], { OLLAMA_HOST: "127.0.0.1:1" });
    expect(proxy.banner).toContain("on every address of this machine");
  });

  it.each([["--host", "0.0.0.0"], []])("refuses what would be open to everyone: %s", async (...args) => {
    const environment = { ...(args.length === 0 && { HOST: "0.0.0.0" }), LITELLM_MASTER_KEY: "sk-1234" };
    const { code, printed, complaints } = await outcome(["--port", "0", ...args], environment);
    expect({ code, printed }).toEqual({ code: 1, printed: [] });
    expect(complaints).toEqual([expect.stringContaining("export LITELLM_MASTER_KEY=sk-")]);
  });

  it("PORT counts, and --port before it", async () => {
    const { complaints } = await outcome(["--host", "192.0.2.1"], { PORT: "4139", LITELLM_MASTER_KEY: KEY });
    expect(complaints).toEqual(["Cannot listen on 192.0.2.1, port 4139: EADDRNOTAVAIL."]);
    const flag = await outcome(["--host", "192.0.2.1", "--port", "4138"], { PORT: "4139", LITELLM_MASTER_KEY: KEY });
    expect(flag.complaints).toEqual(["Cannot listen on 192.0.2.1, port 4138: EADDRNOTAVAIL."]);
  });
});

describe("the environment", () => {
  it("OLLAMA_API_BASE wins over OLLAMA_HOST, and gets OLLAMA_API_KEY", async () => {
    await using ollama = await startEmulator();
    const environment = { OLLAMA_API_BASE: ollama.url, OLLAMA_HOST: "127.0.0.1:1", OLLAMA_API_KEY: "secret" };
    await started(LOCAL, environment);
    expect(ollama.requests[0]?.headers).toMatchObject({ authorization: "Bearer secret" });
  });

  it("CONFIG_FILE_PATH names the config", async () => {
    const path = await file(
      "model_list:\n  - model_name: a\n    litellm_params: {model: ollama_chat/a, api_base: 'http://127.0.0.1:1'}\n",
    );
    const proxy = await started(LOCAL, { CONFIG_FILE_PATH: path });
    expect(proxy.banner).toContain("models: a\n");
  });

  it.each(["/llm", "llm/"])("SERVER_ROOT_PATH=%s puts a path in front", async (path) => {
    const proxy = await started(LOCAL, { SERVER_ROOT_PATH: path, OLLAMA_HOST: "127.0.0.1:1" });
    for (const prefix of ["", "/llm"]) expect((await fetch(`${proxy.url}${prefix}/health/liveness`)).status).toBe(200);
    expect((await fetch(`${proxy.url}/other/health/liveness`)).status).toBe(404);
  });

  it("LITELLM_CORS_ORIGINS names the pages that may call", async () => {
    const environment = { LITELLM_CORS_ORIGINS: "https://a.example, https://b.example", LITELLM_MASTER_KEY: KEY };
    const proxy = await started(LOCAL, { ...environment, OLLAMA_HOST: "127.0.0.1:1" });
    const allowed = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "POST" };
      const response = await fetch(`${proxy.url}/v1/chat/completions`, { method: "OPTIONS", headers });
      return response.headers.get("access-control-allow-origin");
    };
    expect(await allowed("https://b.example")).toBe("https://b.example");
    expect(await allowed("https://c.example")).toBeNull();
  });

  it.each([
    [{}, ["info", "warn"]],
    [{ LITELLM_LOG: "INFO" }, ["info", "warn"]],
    [{ LITELLM_LOG: "ERROR" }, []],
    [{ LITELLM_LOG: "DEBUG" }, ["debug", "info", "warn"]],
    [{ DETAILED_DEBUG: "True" }, ["debug", "info", "warn"]],
  ])("%j logs %j", async (environment, levels) => {
    await using ollama = await startEmulator();
    ollama.enqueue({ status: 500, chunks: ['{"error":"out of memory"}'], times: 9 });
    const proxy = await started(LOCAL, { ...environment, OLLAMA_HOST: ollama.url });
    const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
    await expect(client.chat.completions.create({ model: "plain", messages: [hi] })).rejects.toThrow();
    await proxy.stopped();
    const names = new Map([
      [20, "debug"],
      [30, "info"],
      [40, "warn"],
      [50, "error"],
    ]);
    expect([...new Set(proxy.log.map(({ level }) => names.get(Number(level))))].sort()).toEqual(levels);
  });

  it("KEEPALIVE_TIMEOUT says how long an idle connection stays", async () => {
    const proxy = await started(LOCAL, { KEEPALIVE_TIMEOUT: "7", OLLAMA_HOST: "127.0.0.1:1" });
    const response = await fetch(`${proxy.url}/health/liveness`);
    expect(response.headers.get("keep-alive")).toBe("timeout=7");
  });
});

it("--detailed-debug shows what goes to an upstream and comes back, and no key", async () => {
  await using ollama = await startEmulator();
  const secret = "sk-upstream-0123456789abcdef";
  const proxy = await started([...LOCAL, "--detailed_debug"], { OLLAMA_HOST: ollama.url, OLLAMA_API_KEY: secret });
  const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
  await client.chat.completions.create({ model: "plain", messages: [hi] });
  await proxy.stopped();
  const sent = proxy.log.find(({ url }) => String(url).endsWith("/api/chat"));
  expect(sent).toMatchObject({ msg: "to upstream", headers: { authorization: "Bearer ***cdef" } });
  expect(sent?.["body"]).toContain('"content":"hi"');
  expect(JSON.stringify(proxy.log)).not.toContain(secret);
});

it("counts what it serves, for Prometheus and for the page", async () => {
  await using ollama = await startEmulator();
  const proxy = await started(LOCAL, { OLLAMA_HOST: ollama.url });
  const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
  await client.chat.completions.create({ model: "plain", messages: [hi] });
  await vi.waitFor(async () => {
    expect(await (await fetch(`${proxy.url}/metrics`)).text()).toMatch(/^litellm_proxy_total_requests_metric.* 1$/m);
  });
  const { traffic } = (await (await fetch(`${proxy.url}/status.json`)).json()) as { traffic: { requests: number[] } };
  expect(traffic.requests.at(-1)).toBe(1);
});

it("--limit_concurrency turns more requests away", async () => {
  await using ollama = await startEmulator();
  ollama.enqueue({ fault: { silenceAfterChunks: 2 } });
  const proxy = await started([...LOCAL, "--limit_concurrency", "1"], { OLLAMA_HOST: ollama.url });
  const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
  const first = await client.chat.completions.create({ model: "plain", messages: [hi], stream: true });
  const second = client.chat.completions.create({ model: "plain", messages: [hi] });
  await expect(second).rejects.toMatchObject({ status: 429 });
  first.controller.abort();
});

it("an error that nobody caught is logged once, and ends it with 70 when its streams have ended", async () => {
  await using ollama = await startEmulator({ delayMs: 20 });
  const proxy = await started(LOCAL, { OLLAMA_HOST: ollama.url });
  const client = new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: "none", maxRetries: 0 });
  const stream = await client.chat.completions.create({ model: "plain", messages: [hi], stream: true });
  const ended = proxy.crash(new Error("what happened"));
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  expect(text).toBe("The quick brown llama jumps over the lazy alpaca.");
  expect(await ended).toBe(70);
  expect(proxy.log.filter(({ level }) => level === 60)).toMatchObject([{ err: { message: "what happened" } }]);
});

describe("TLS", () => {
  it.skipIf(spawnSync("openssl", ["version"]).error !== undefined)("serves with the files that are named", async () => {
    const { cert, key } = await certificate();
    const tls = ["--ssl_certfile_path", cert, "--ssl_keyfile_path", key, "--ciphers", "ECDHE-RSA-AES128-GCM-SHA256"];
    const proxy = await started([...LOCAL, ...tls], { OLLAMA_HOST: "127.0.0.1:1" });
    expect(proxy.url).toMatch(/^https:/);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${proxy.url}/health/liveness`, { rejectUnauthorized: false }, ({ statusCode }) => {
        resolve(statusCode);
      });
      asking.on("error", reject).end();
    });
    expect(status).toBe(200);
    const wrong = await outcome(["--port", "0", "--ssl_certfile_path", cert, "--ssl_keyfile_path", cert]);
    expect(wrong).toMatchObject({
      code: 1,
      complaints: [expect.stringContaining("TLS does not work with these files")],
    });
  });

  it.each([
    [["--ssl_keyfile_path", "/nowhere"], "TLS needs both --ssl-certfile-path and --ssl-keyfile-path."],
    [["--ssl_keyfile_path", "/nowhere", "--ssl_certfile_path", "/nowhere"], "/nowhere cannot be read: ENOENT."],
  ])("says what is wrong with %j", async (args, complaint) => {
    expect(await outcome(["--port", "0", ...args])).toEqual({ code: 1, printed: [], complaints: [complaint] });
  });
});

describe("instead of serving", () => {
  const params = "litellm_params: {model: ollama_chat/a, api_base: 'http://127.0.0.1:1'}";

  it.each(["--check-config", "--validate_config", "--skip_server_startup"])("%s tells of each key", async (flag) => {
    const path = await file(`model_list:\n  - model_name: a\n    ${params}\nmodle_list: []\n`);
    const { code, printed, complaints } = await outcome([flag, "--config", path]);
    expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
    expect(printed).toEqual([expect.stringMatching(/honoured .*config\.yaml:2 .*model_name/)]);
    expect(printed[0]).toMatch(/ignored .*config\.yaml:4 modle_list: .*model_list/);
  });

  it("--check-config ends with 1 for a config that cannot be served", async () => {
    const path = await file("model_list:\n  - model_name: a\n");
    expect(await outcome(["--check-config", "--config", path])).toMatchObject({ code: 1, printed: [] });
    const none = await outcome(["--check-config"]);
    expect(none).toMatchObject({ code: 1, complaints: ["There is no config to check: name one with --config."] });
  });

  it("--test asks a running proxy and shows the answer", async () => {
    await using ollama = await startEmulator();
    const environment = { OLLAMA_HOST: ollama.url, LITELLM_MASTER_KEY: KEY };
    const proxy = await started(LOCAL, environment);
    const args = ["--port", new URL(proxy.url).port];
    const { code, printed } = await ask(["--test", "--model", "plain", ...args], environment);
    expect(code).toBe(0);
    expect(printed[0]).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions, model plain: /);
    expect(JSON.parse(printed[1] ?? "")).toMatchObject({
      choices: [{ message: { content: "The quick brown llama jumps over the lazy alpaca." } }],
    });
    // Without a name, the first that is listed.
    expect((await ask(["--test", ...args], environment)).printed[0]).toMatch(/ model \S+: /);
    const refused = await ask(["--test", "--model", "plain", ...args], { LITELLM_MASTER_KEY: `${KEY}-not` });
    expect(refused).toMatchObject({ code: 1, complaints: [expect.stringMatching(/^401: /)] });
  });

  it("--health shows what a running proxy says", async () => {
    await using ollama = await startEmulator();
    const proxy = await started(LOCAL, { OLLAMA_HOST: ollama.url });
    const { code, printed } = await ask(["--health", "--port", new URL(proxy.url).port], {});
    expect(code).toBe(0);
    expect(JSON.parse(printed[1] ?? "")).toHaveProperty("healthy_count");
  });

  it("a proxy that is not there is one sentence", async () => {
    const { code, complaints } = await ask(["--test", "--model", "a", "--port", "1"], {});
    expect(code).toBe(1);
    expect(complaints).toEqual([expect.stringMatching(/^No proxy answers at http:\/\/127\.0\.0\.1:1: /)]);
  });

  async function ask(args: readonly string[], environment: Readonly<Record<string, string>>) {
    return outcome(args, environment, new AbortController().signal);
  }
});

async function certificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const folder = dirname(await file("", "cert.pem"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "1"];
  const { status, stderr } = spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    ...subject,
  ]);
  if (status !== 0) throw new Error(String(stderr));
  return { cert, key };
}
