import { randomUUID } from "node:crypto";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { expect, it, onTestFinished, vi } from "vitest";
import { line } from "./ndjson.ts";
import { file } from "./run-command.ts";
import { startMain } from "./spawn-main.ts";

vi.setConfig({ testTimeout: 60_000 });

const canary = (name: string) => `canary-${name}-${randomUUID().slice(0, 8)}`;
const PATHS = [
  "/",
  "/health",
  "/health/readiness/details",
  "/metrics",
  "/status.json",
  "/v1/models",
  "/v1/models/plain",
];
const MORE = [
  "/model/info",
  "/model_group/info",
  "/openapi.json",
  "/utils/supported_openai_params?model=plain",
  "/nothing",
  "/%zz",
];

/**
 * Keys, prompts, answers and credentials go through every route and every kind of fault of a process that runs; then all
 * that it has written or sent is searched for them.
 */
it.each([[[]], [["--debug"]]])(
  "T25, Q22: no byte of a secret leaves the process anywhere: %j",
  async (flags: string[]) => {
    const secrets = {
      master: canary("master"),
      virtual: canary("virtual"),
      wrong: canary("wrong"),
      upstreamKey: canary("upstream"),
      password: canary("password"),
      query: canary("query"),
      image: canary("image"),
      prompt: canary("prompt"),
      tool: canary("tool"),
      user: canary("header"),
    };
    const emulator = await startEmulator();
    onTestFinished(() => emulator.close());
    const withCredentials = emulator.url.replace("http://", `http://user:${secrets.password}@`);
    const config = {
      model_list: [
        {
          model_name: "plain",
          litellm_params: { model: "ollama_chat/plain", api_base: emulator.url, api_key: secrets.upstreamKey },
        },
        { model_name: "secretive", litellm_params: { model: "ollama_chat/plain", api_base: withCredentials } },
        {
          model_name: "dead",
          litellm_params: {
            model: "ollama_chat/plain",
            api_base: `http://user:${secrets.password}@127.0.0.1:9/?key=${secrets.query}`,
            api_key: secrets.upstreamKey,
          },
        },
      ],
      general_settings: { master_key: secrets.master },
      router_settings: { num_retries: 0, disable_cooldowns: true },
      llamaduct: { keys: [{ name: "team", key: secrets.virtual }], status_interval: 0, image_urls: true },
    };
    const path = await file(JSON.stringify(config));
    const main = await startMain(["--config", path, "--port", "0", "--host", "127.0.0.1", ...flags], {});

    const seen: string[] = [];
    async function get(path: string, init: RequestInit = {}): Promise<void> {
      try {
        const response = await fetch(main.url + path, init);
        seen.push(JSON.stringify([...response.headers]), await response.text());
      } catch (error) {
        seen.push(String(error));
      }
    }
    const echo = `Bearer ${secrets.upstreamKey} says http://user:${secrets.password}@host?api_key=${secrets.query} and {"api_key": "${secrets.query}"}`;
    const faults = [
      { chunks: [line({ content: "a" })], fault: { endAfterChunks: 1 } },
      { chunks: [line({ content: "a" })], fault: { errorAfterChunks: 1, message: echo } },
      { chunks: [`${JSON.stringify({ error: echo })}\n`], status: 500 },
      { chunks: [`${JSON.stringify({ error: echo })}\n`], status: 400 },
      { chunks: [`${JSON.stringify({ error: echo })}\n`], status: 401 },
      { chunks: [`${JSON.stringify({ error: echo })}\n`] },
      { chunks: [`<html>${echo}</html>`], status: 502 },
      { chunks: [`not json ${echo}\n`] },
      { chunks: [line({ content: "a" })], fault: { cutAfterBytes: 3 } },
      { chunks: [], fault: { refuse: true } },
    ] as const;
    const messages = [{ role: "user", content: secrets.prompt }];
    const image = { type: "image_url", image_url: { url: `https://user:${secrets.image}@127.0.0.1/${secrets.image}` } };
    const tools = [{ type: "function", function: { name: secrets.tool, description: secrets.tool } }];
    const post = (key: string, fields: object): RequestInit => ({
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        cookie: secrets.user,
        "x-custom": secrets.user,
      },
      body: JSON.stringify({ model: "plain", messages, ...fields }),
    });
    for (const key of [secrets.master, secrets.virtual]) {
      for (const fault of faults)
        for (const stream of [false, true]) {
          emulator.enqueue(fault);
          await get("/v1/chat/completions", post(key, { stream, model: stream ? "secretive" : "plain" }));
        }
      for (const fields of [
        { model: "dead" },
        { model: "dead", stream: true },
        { temperature: secrets.prompt },
        { messages: secrets.prompt },
        { messages: [{ role: secrets.prompt, content: secrets.prompt }] },
        { messages: [{ role: "user", content: [image] }] },
        { tools, tool_choice: secrets.prompt },
        { tools },
        { stop: [{ a: secrets.prompt }] },
        { api_base: `http://user:${secrets.password}@127.0.0.1:9`, api_key: secrets.upstreamKey },
        { response_format: { type: secrets.prompt } },
        { no_such_field: secrets.prompt },
        { metadata: { secret: secrets.prompt } },
      ])
        await get("/v1/chat/completions", post(key, fields));
      await get("/v1/completions", post(key, { prompt: secrets.prompt, messages: undefined }));
      await get("/v1/embeddings", post(key, { model: "dead", input: secrets.prompt, messages: undefined }));
      await get("/utils/token_counter", post(key, {}));
      await get("/v1/audio/speech", post(key, {}));
      await get("/v1/chat/completions", { ...post(key, {}), body: `{"a": "${secrets.prompt}` });
      await get("/v1/chat/completions", { ...post(key, {}), headers: { "content-type": "text/plain" } });
    }
    for (const key of [secrets.master, secrets.virtual, secrets.wrong])
      for (const name of ["authorization", "x-api-key", "api-key", "x-litellm-api-key", "x-goog-api-key"])
        for (const path of name === "authorization" ? [...PATHS, ...MORE] : PATHS)
          await get(path, {
            headers: { [name]: name === "authorization" ? `Bearer ${key}` : key, cookie: secrets.user },
          });
    for (const form of [`?key=${secrets.query}`, `?api_key=${secrets.query}`]) await get(`/v1/models${form}`);

    const written = Promise.withResolvers<void>();
    main.process.once("close", () => written.resolve());
    main.process.kill("SIGTERM");
    await written.promise;
    const everything = [main.banner, main.stderr(), ...seen].join("\n");
    // It has been through all of it.
    for (const word of [
      "upstream_connection_failed",
      "upstream_error",
      "litellm_proxy_total",
      "deployments",
      "invalid_api_key",
      "image",
    ])
      expect(everything).toContain(word);
    const found = Object.entries(secrets).filter(([, secret]) => everything.includes(secret));
    expect(found.map(([name]) => name)).toEqual([]);
  },
);
