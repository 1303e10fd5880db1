import { describe, expect, it } from "vitest";
import { recording } from "./recordings.ts";
import { type Answer, usualAnswer } from "./usual-answer.ts";

const versions = ["0.24.0", "0.33.0"] as const;
type Version = (typeof versions)[number];

const hello = [{ role: "user", content: "Hello there" }];
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }];

function post(version: Version, path: string, body: unknown, headers: Record<string, string> = {}): Answer {
  return ask(version, { method: "POST", path, headers, text: JSON.stringify(body), body });
}

function ask(version: Version, asked: Partial<Parameters<typeof usualAnswer>[0]>): Answer {
  const request = { method: "GET", path: "/", headers: {}, text: "", body: undefined, ...asked };
  return usualAnswer(request, { version, onLoopback: true });
}

function body({ chunks }: Answer): ReturnType<typeof JSON.parse> {
  return JSON.parse(chunks.join(""));
}

describe.each(versions)("usualAnswer of %s, for requests that were not recorded", (version) => {
  const chat = (request: object): Answer => post(version, "/api/chat", { messages: hello, ...request });
  const played = (name: string): unknown => recording(version, name).chunks;

  it.each([
    ["any text", { model: "plain" }, "chat-plain-stream"],
    ["stream: true", { model: "plain", stream: true }, "chat-plain-stream"],
    ["stream: false", { model: "plain", stream: false }, "chat-plain-whole"],
    [
      "options, which must not draw to the recording of a limit",
      { model: "plain", options: { num_predict: 500 } },
      "chat-plain-stream",
    ],
    ["an empty list of tools", { model: "plain", tools: [] }, "chat-plain-stream"],
    ["tools", { model: "tools", tools }, "chat-tools-stream"],
    ["tools, whole", { model: "multitools", tools, stream: false }, "chat-multitools-whole"],
    ["tools and a format", { model: "tools", tools, format: { type: "object" } }, "chat-tools-and-schema"],
    ["a format", { model: "jsonish", format: { type: "object" } }, "chat-format-json-stream"],
    [
      "what only was recorded with a server that broke",
      recording(version, "fault-runner-killed-mid-stream").request.body,
      "chat-repetition",
    ],
    ["a thinking model", { model: "thinker" }, "chat-thinker-default-stream"],
    ["think: true", { model: "thinker", think: true }, "chat-thinker-think-true-stream"],
    ["think: false", { model: "thinker", think: false, stream: false }, "chat-thinker-think-false-whole"],
    ["thinking, then a call", { model: "thinkcall", tools }, "chat-thinkcall-stream"],
    ["a model that only was recorded with options", { model: "stuck" }, "chat-stuck-stream"],
  ])("plays the fitting chat: %s", (_, request, name) => {
    expect(chat(request as object).chunks).toEqual(played(name));
  });

  it("does not call again after a tool's result", () => {
    const messages = [...hello, { role: "assistant", content: "", tool_calls: [] }, { role: "tool", content: "22 C" }];
    expect(chat({ model: "tools", tools, messages }).chunks).toEqual(played("chat-tool-result"));
  });

  it.each([
    ["a completion", { model: "plain", prompt: "x" }, "generate-plain-stream"],
    ["raw", { model: "plain", prompt: "x", raw: true, stream: false }, "generate-raw-whole"],
    ["a suffix", { model: "coder", prompt: "x", suffix: "y" }, "generate-fim-stream"],
    ["a format", { model: "jsonish", prompt: "x", format: "json", stream: false }, "generate-format-schema-whole"],
    [
      "a template, whose only streamed recording is a refusal",
      { model: "plain", prompt: "x", template: "y" },
      "generate-plain-stream",
    ],
    ["a load", { model: "plain", prompt: "" }, "generate-load"],
    ["an unload", { model: "plain", prompt: "", keep_alive: 0 }, "generate-unload"],
  ])("plays the fitting completion: %s", (_, request, name) => {
    expect(post(version, "/api/generate", request).chunks).toEqual(played(name));
  });

  it("lets plain stand in for a model without a recording, under that model's name", () => {
    const answer = chat({ model: "long" });
    expect(answer.chunks.join("")).toBe(
      String(recording(version, "chat-plain-stream").chunks.join("")).replaceAll('"plain"', '"long"'),
    );
    expect(chat({ model: "coder", stream: false }).chunks.join("")).toContain("lazy alpaca");
  });

  it("never calls under a format", () => {
    const answer = chat({ model: "tagcall", tools, format: "json", stream: false });
    expect(body(answer).message).toEqual(body(recording(version, "chat-format-json-whole")).message);
  });

  it("lets jsonish stand in where a format is asked for", () => {
    expect(JSON.parse(body(chat({ model: "long", format: "json", stream: false })).message.content)).toEqual({
      answer: "yes",
      score: 7,
    });
  });

  it("repeats the model's name as it was asked, on every line", () => {
    const names = chat({ model: "library/Plain:LATEST" }).chunks.map((line) => JSON.parse(String(line)).model);
    expect(new Set(names)).toEqual(new Set(["library/Plain:LATEST"]));
    expect(body(chat({ model: "thinker:latest", messages: [] }))).toMatchObject({
      model: "thinker:latest",
      done_reason: "load",
    });
  });

  it.each(["/api/chat", "/api/generate"])("does not find a model on %s", (path) => {
    const answer = post(version, path, { model: 'a"$&b', messages: hello, prompt: "x" });
    expect(answer.status).toBe(404);
    expect(body(answer)).toEqual({ error: `model 'a"$&b' not found` });
  });

  it.each(["/api/embed", "/api/embeddings"])("does not find a model on %s", (path) => {
    const answer = post(version, path, { model: "who", input: "x" });
    expect(answer.status).toBe(404);
    expect(body(answer)).toEqual({ error: 'model "who" not found, try pulling it first' });
  });

  it("refuses what the model cannot do", () => {
    const errors = [
      chat({ model: "acme/plain:v1", tools }),
      chat({ model: "thinker:latest", tools }),
      chat({ model: "PLAIN", think: "high" }),
      post(version, "/api/generate", { model: "tools", prompt: "x", think: true }),
      post(version, "/api/generate", { model: "jsonish", prompt: "a", suffix: "b" }),
      chat({ model: "embedder" }),
    ];
    expect(errors.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
    expect(errors.map((answer) => body(answer).error)).toEqual([
      "registry.ollama.ai/acme/plain:v1 does not support tools",
      "registry.ollama.ai/library/thinker:latest does not support tools",
      '"PLAIN" does not support thinking',
      '"tools" does not support thinking',
      "registry.ollama.ai/library/jsonish:latest does not support insert",
      '"embedder" does not support chat',
    ]);
  });

  it("answers a body that is no JSON object", () => {
    const malformed = ask(version, { method: "POST", path: "/api/chat", text: "[1]", body: [1] });
    expect(malformed).toEqual(recording(version, "chat-malformed"));
    expect(ask(version, { method: "POST", path: "/api/show" })).toEqual(recording(version, "chat-empty-body"));
    expect(post(version, "/api/chat", {})).toEqual(recording(version, "chat-no-model"));
    expect(body(post(version, "/api/generate", {}))).toEqual({ error: "model '' not found" });
  });

  it("gives a vector for each text, cut to the dimensions", () => {
    const vectors = (input: unknown, dimensions?: number): number[][] =>
      body(post(version, "/api/embed", { model: "embedder", input, dimensions })).embeddings;
    expect(vectors("x").map((v) => v.length)).toEqual([512]);
    expect(vectors(["x", "y", "z"]).map((v) => v.length)).toEqual([512, 512, 512]);
    expect(vectors(["x", "y"], 16).map((v) => v.length)).toEqual([16, 16]);
    expect(vectors([])).toEqual([]);
    expect(body(post(version, "/api/embeddings", { model: "embedder", prompt: "x" })).embedding).toHaveLength(512);
  });

  it("shows every installed model", () => {
    const { models } = body(ask(version, { path: "/api/tags" }));
    expect(models).toHaveLength(21);
    for (const { name, capabilities, modified_at } of models) {
      const answer = post(version, "/api/show", { model: name });
      expect(answer.chunks.join("")).not.toMatch(/[<>&]/);
      const shown = body(answer);
      expect(shown).toMatchObject({ modelfile: expect.stringContaining(`# FROM ${name}\n`), modified_at });
      expect(shown.model_info["general.architecture"]).toBe("llama");
      expect(shown.capabilities).toEqual(
        expect.arrayContaining(name.startsWith("embedder") ? ["embedding"] : (capabilities ?? ["completion"])),
      );
    }
    expect(body(post(version, "/api/show", { model: "thinkcall" })).capabilities).toEqual([
      "completion",
      "tools",
      "thinking",
    ]);
    expect(post(version, "/api/show", { model: "Plain" })).toEqual(recording(version, "show-plain"));
  });

  it("keeps to routes and methods", () => {
    expect(ask(version, { path: "/v1/models" })).toEqual(recording(version, "server-unknown-path"));
    const wrong = post(version, "/api/tags", {});
    expect(wrong.status).toBe(405);
    expect(wrong.headers).toContainEqual(["Allow", "GET, HEAD"]);
    const moved = post(version, "//api//tags", {});
    expect(moved.status).toBe(307);
    expect(moved.headers).toContainEqual(["Location", "/api/tags"]);
  });

  it.each([
    [403, { host: "evil.example" }],
    [403, { host: "evil.example:11434" }],
    [200, { host: "gpu.local:11434" }],
    [200, { host: "[::1]:11434" }],
    [200, { host: "192.168.0.7" }],
    [403, { origin: "null" }],
    [403, { origin: "http://localhost.evil.example" }],
    [200, { origin: "http://localhost:3000" }],
    [200, { origin: "http://gpu.local", host: "gpu.local" }],
  ])("answers %i to %o", (status, headers) => {
    expect(ask(version, { path: "/api/version", headers: headers as Record<string, string> }).status).toBe(status);
  });

  it("does not look at Host when it listens for everybody", () => {
    const request = { method: "GET", path: "/", headers: { host: "emulator:11434" }, text: "", body: undefined };
    expect(usualAnswer(request, { version, onLoopback: false }).status).toBe(200);
  });
});

describe("usualAnswer where the versions differ", () => {
  it("embeds with a chat model on 0.24.0 only", () => {
    const { model, embeddings } = body(post("0.24.0", "/api/embed", { model: "long", input: ["x", "y"] }));
    expect([model, embeddings.length]).toEqual(["long", 2]);
    expect(post("0.33.0", "/api/embed", { model: "long", input: "x" }).status).toBe(501);
  });

  it("ignores images on 0.24.0 only", () => {
    const request = { model: "plain", messages: [{ role: "user", content: "?", images: ["AAAA"] }] };
    expect(post("0.24.0", "/api/chat", request).status).toBe(200);
    expect(post("0.33.0", "/api/chat", request).status).toBe(400);
    const completion = { model: "plain", prompt: "?", images: ["AAAA"] };
    expect(post("0.24.0", "/api/generate", completion).status).toBe(200);
    expect(post("0.33.0", "/api/generate", completion).status).toBe(400);
  });

  it("knows the template inside a GGUF on 0.33.0 only", () => {
    const request = { model: "native", messages: hello, tools };
    expect(post("0.24.0", "/api/chat", request).status).toBe(400);
    expect(post("0.33.0", "/api/chat", request).chunks).toEqual(recording("0.33.0", "chat-native-tools-stream").chunks);
    expect(post("0.33.0", "/api/chat", { ...request, model: "native-broken", stream: false }).status).toBe(500);
  });

  it("names the tag of an unknown model on 0.33.0 only", () => {
    expect(body(post("0.24.0", "/api/show", { model: "who" }))).toEqual({ error: "model 'who' not found" });
    expect(body(post("0.33.0", "/api/show", { model: "who" }))).toEqual({ error: "model 'who:latest' not found" });
    expect(body(post("0.33.0", "/api/show", { model: "who:1b" }))).toEqual({ error: "model 'who:1b' not found" });
  });
});
