import { describe, expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../src/http/request/accept-json-only.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const hi = { role: "user", content: "hi" };

describe("a body that is JSON but no chat request is refused, naming the field", () => {
  it.each<[string, unknown, string | null]>([
    ["no object", [], null],
    ["no model", { messages: [hi] }, "model"],
    ["a model that is no text", { model: 7, messages: [hi] }, "model"],
    ["no messages", { model: "plain" }, "messages"],
    ["empty messages", { model: "plain", messages: [] }, "messages"],
    ["messages that are no list", { model: "plain", messages: "hi" }, "messages"],
    ["an unknown role", { model: "plain", messages: [{ role: "wizard", content: "hi" }] }, "messages.0.role"],
    ["a wrong content", { model: "plain", messages: [{ role: "user", content: 7 }] }, "messages.0.content"],
    ["a wrong number", { model: "plain", messages: [hi], temperature: "hot" }, "temperature"],
    ["a wrong stream", { model: "plain", messages: [hi], stream: "yes" }, "stream"],
    ["K5: an api_base", { model: "plain", messages: [hi], api_base: "http://evil" }, "api_base"],
    ["K5: an api_key", { model: "plain", messages: [hi], api_key: "sk-mine" }, "api_key"],
  ])("%s", async (_, body, param) => {
    const proxy = await startProxy();
    const error = await errorOf(post(proxy, JSON.stringify(body)), 400);
    expect(error).toMatchObject({ code: "invalid_value", param });
    expect(proxy.emulator.requests).toEqual([]);
  });

  it("an unknown model", async () => {
    const proxy = await startProxy({ deployments: [{ name: "known", model: "ollama_chat/plain" }] });
    const error = await errorOf(post(proxy, JSON.stringify({ model: "unknown", messages: [hi] })), 404);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
    expect(error.message).toContain('"unknown"');
  });
});

it.each(["a\nb", "\r", "a\u2028b"])("a model that no server has is a 404, whatever its name: %j", async (model) => {
  const proxy = await startProxy();
  for (const path of ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"]) {
    const fields = { messages: [hi], prompt: "hi", input: "hi" };
    // A 502 would let whoever asks for it take the host away from all others for a while.
    expect(await errorOf(post(proxy, JSON.stringify({ model, ...fields }), { path }), 404)).toMatchObject({
      code: "model_not_found",
    });
  }
});

describe("a body that is not taken", () => {
  const chat = JSON.stringify({ model: "plain", messages: [hi] });
  it.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, number, string]>([
    ["malformed JSON", '{"model":', {}, 400, "invalid_json"],
    ["nothing", "", {}, 400, "invalid_json"],
    ["a prototype key", '{"__proto__":{"a":1}}', {}, 400, "invalid_json"],
    ["invalid UTF-8", Uint8Array.from(Buffer.from(chat.replace("hi", "\xff"), "latin1")), {}, 400, "invalid_json"],
    ["deep nesting", "[".repeat(100_000), {}, 400, "json_too_complex"],
    ["a million keys", `[${"0,".repeat(1_000_000)}0]`, {}, 400, "json_too_complex"],
    ["plain text", chat, { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["a form", chat, { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported_media_type"],
    ["nonsense as its type", chat, { "content-type": "," }, 415, "unsupported_media_type"],
    ["an encoded body", chat, { "content-encoding": "gzip" }, 415, "unsupported_media_type"],
  ])("%s", async (_, body, headers, status, code) => {
    const proxy = await startProxy();
    expect(await errorOf(post(proxy, body, { headers }), status)).toMatchObject({ code, param: null });
    expect(proxy.log).toEqual([]);
  });

  it("JSON with a charset is", async () => {
    const proxy = await startProxy();
    const { status } = await post(proxy, chat, { headers: { "content-type": "application/json; charset=utf-8" } });
    expect(status).toBe(200);
  });

  it("too many bytes, announced", async () => {
    const { port } = await startProxy();
    const fields = { "content-type": "application/json", "content-length": String(25 * 1024 * 1024) };
    const answer = await rawExchange(port, head("POST /v1/chat/completions HTTP/1.1", fields));
    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "request_too_large" } });
  });

  it("too many bytes, as they come", async () => {
    const { port } = await startProxy();
    const fields = { "content-type": "application/json", "transfer-encoding": "chunked", connection: "keep-alive" };
    // One byte too many, and no end: what the server has not read when it closes could cost us its answer.
    const size = MAX_BODY_BYTES + 1;
    const body = `${size.toString(16)}\r\n${" ".repeat(size)}`;
    const answer = await rawExchange(port, head("POST /v1/chat/completions HTTP/1.1", fields) + body);
    // Closed, for else the rest would be read, and thrown away, for a minute.
    expect(answer).toMatchObject({ status: 413, headers: { connection: "close" } });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "request_too_large" } });
  });
});

function post(
  { url }: TestProxy,
  body: string | Uint8Array<ArrayBuffer>,
  { headers = {}, path = "/v1/chat/completions" }: { headers?: Record<string, string>; path?: string } = {},
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}

interface ErrorFields {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

async function errorOf(answer: Promise<Response>, status: number): Promise<ErrorFields> {
  const response = await answer;
  expect(response.status).toBe(status);
  expect(response.headers.get("x-should-retry")).toBe("false");
  const { error } = (await response.json()) as { error: ErrorFields };
  expect(error).toMatchObject({ message: expect.stringMatching(/[.?]$/), type: "invalid_request_error" });
  return error;
}
