import { type ChatRequest, collect, type StreamPart } from "@llamaduct/core";
import type { Transport, TransportRequest } from "@llamaduct/http";
import { describe, expect, it } from "vitest";
import { recordings } from "../test/recordings.ts";
import { createOpenAICompatible, type OpenAICompatibleOptions } from "./openai-compatible.ts";

const hello: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };

/** A server that answers with this body, and remembers what it was sent. */
function answering(body: string, { status = 200, type = "text/event-stream" } = {}) {
  const requests: TransportRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    return { status, headers: { "content-type": type }, body: bytes(body) };
  };
  return { requests, transport };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

const events = (...chunks: readonly object[]) =>
  `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`;
const delta = (...deltas: readonly object[]) =>
  events(...deltas.map((piece) => ({ choices: [{ index: 0, delta: piece }] })), {
    choices: [{ finish_reason: "stop" }],
  });

function provider(options: OpenAICompatibleOptions) {
  let id = 0;
  return createOpenAICompatible({ baseURL: "http://server/v1", generateId: () => `made-${++id}`, ...options });
}

function chat(transport: Transport, request = hello) {
  const model = provider({ transport }).chatModel?.("m");
  if (model === undefined) throw new Error("no chat models");
  return collect(model.stream(request));
}

describe("what real servers sent", () => {
  it.each(recordings("chat"))("%s", async (_, body, summary) => {
    const { content, finish } = await chat(answering(body).transport);
    expect({ content: content.map((part) => ({ ...part, id: undefined })), reason: finish.reason }).toEqual(summary);
  });
});

describe("tool calls", () => {
  const calls = async (...pieces: readonly object[]) => {
    const { transport } = answering(delta(...pieces.map((piece) => ({ tool_calls: [piece] }))));
    return (await chat(transport)).content;
  };
  const whole = (id: string | undefined, name: string, more: object = {}) => ({
    id,
    function: { name, arguments: `{"of":"${name}"}` },
    ...more,
  });
  const called = (id: string, name: string) => ({ type: "tool-call", id, name, arguments: `{"of":"${name}"}` });

  it("from servers that give every call index 0, or none", async () => {
    for (const more of [{ index: 0 }, {}, { index: null }])
      expect(await calls(whole("a", "f", more), whole("b", "g", more))).toEqual([called("a", "f"), called("b", "g")]);
  });

  it("from servers that repeat id and name in every piece", async () => {
    const piece = (text: string) => ({ index: 0, id: "a", function: { name: "f", arguments: text } });
    expect(await calls(piece('{"x"'), piece(":1}"))).toEqual([
      { type: "tool-call", id: "a", name: "f", arguments: '{"x":1}' },
    ]);
  });

  it("from servers whose later pieces have an empty id", async () => {
    const later = { index: 0, id: "", function: { name: null, arguments: "}" } };
    expect(await calls({ index: 0, id: "a", function: { name: "f", arguments: "{" } }, later)).toEqual([
      { type: "tool-call", id: "a", name: "f", arguments: "{}" },
    ]);
  });

  it("get ids where the server gives none, or one twice", async () => {
    expect(
      await calls(whole(undefined, "f", { index: 0 }), whole("x", "g", { index: 1 }), whole("x", "h", { index: 2 })),
    ).toEqual([called("made-1", "f"), called("x", "g"), called("made-2", "h")]);
  });

  it("without a name are not the protocol", async () => {
    await expect(calls({ index: 0, id: "a", function: { arguments: "{}" } })).rejects.toMatchObject({
      code: "upstream_protocol_error",
    });
  });
});

describe("an answer", () => {
  const finishOf = async (...chunks: readonly object[]) => (await chat(answering(events(...chunks)).transport)).finish;

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "content-filter"],
    ["melted", "other"],
  ])("that ends with %s ends as %s", async (rawReason, reason) => {
    expect(await finishOf({ choices: [{ finish_reason: rawReason }] })).toMatchObject({ reason, rawReason });
  });

  it("is whole with a reason and no [DONE], and with [DONE] and no reason", async () => {
    const reason = 'data: {"choices":[{"finish_reason":"stop"}]}\n\n';
    expect((await chat(answering(reason).transport)).finish.reason).toBe("stop");
    expect((await chat(answering("data: [DONE]\n\n").transport)).finish.reason).toBe("other");
  });

  it("has the usage that came last, with its details, and llama.cpp's times", async () => {
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 3,
      prompt_tokens_details: { cached_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 1 },
    };
    const finish = await finishOf(
      { choices: [{ finish_reason: "stop" }], usage: { prompt_tokens: 5, completion_tokens: 1 } },
      { choices: [], usage, timings: { prompt_ms: 1.5, predicted_ms: 20 } },
    );
    expect(finish.usage).toEqual({ inputTokens: 5, outputTokens: 3, cachedInputTokens: 2, reasoningTokens: 1 });
    expect(finish.timings).toEqual({ inputMs: 1.5, outputMs: 20 });
  });

  it("has one choice: others, which nobody asked for, are left alone", async () => {
    const choices = [0, 1].map((index) => ({ index, delta: { content: `${index}` }, finish_reason: "stop" }));
    const { content } = await chat(answering(events({ choices })).transport);
    expect(content).toEqual([{ type: "text", text: "0" }]);
  });

  it("says reasoning once where a server sends it under both names; a refusal is text", async () => {
    const both = { reasoning: "hm", reasoning_content: "hm" };
    const { content } = await chat(answering(delta(both, { refusal: "No." })).transport);
    expect(content).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "No." },
    ]);
  });

  it("has the log probabilities of chats and of text completions", async () => {
    const content = [{ token: "a", logprob: -1, bytes: [97], top_logprobs: [{ token: "b", logprob: -2 }] }];
    const lists = { tokens: ["x", "a"], token_logprobs: [null, -1], top_logprobs: [null, { b: -2 }] };
    for (const [logprobs, bytes] of [
      [{ content }, { bytes: [97] }],
      [lists, {}],
    ] as const) {
      const answer = await chat(answering(events({ choices: [{ logprobs, finish_reason: "stop" }] })).transport);
      expect(answer.logprobs).toEqual([{ token: "a", logprob: -1, ...bytes, top: [{ token: "b", logprob: -2 }] }]);
    }
  });

  it("B15: has events of at most so many bytes", async () => {
    const body = delta({ content: "x".repeat(100) });
    const content = async (maxLineBytes: number) => {
      const model = provider({ transport: answering(body).transport, maxLineBytes }).chatModel?.("m");
      return (await collect(model?.stream(hello) ?? empty())).content;
    };
    const length = body.indexOf("\n");
    expect(await content(length)).toEqual([{ type: "text", text: "x".repeat(100) }]);
    await expect(content(length - 1)).rejects.toMatchObject({ code: "upstream_response_too_large" });
  });

  it("that is not streamed is an error, by its own words if it is one", async () => {
    const json = { type: "application/json" };
    await expect(chat(answering('{"choices":[]}', json).transport)).rejects.toMatchObject({
      code: "upstream_protocol_error",
      message: "The server did not stream its answer.",
    });
    await expect(chat(answering('{"error":"model \'m\' not found"}', json).transport)).rejects.toMatchObject({
      code: "model_not_found",
    });
  });
});

describe("a base URL", () => {
  const pathOf = async (baseURL: string) => {
    const { requests, transport } = answering('{"data":[]}', { type: "application/json" });
    await createOpenAICompatible({ baseURL, transport }).listModels?.();
    return requests[0]?.url;
  };

  it.each([
    ["http://h/v1", "http://h/v1/models"],
    ["http://h:8080/v1/", "http://h:8080/v1/models"],
    ["https://h/openai/v1/chat/completions", "https://h/openai/v1/models"],
    [" http://h ", "http://h/models"],
  ])("%s", async (baseURL, url) => {
    expect(await pathOf(baseURL)).toBe(url);
  });

  it.each([undefined, "", "h:8080", "ftp://h/v1", "http://user:pass@h/v1"])("%s is refused", (baseURL) => {
    expect(() => createOpenAICompatible({ baseURL })).toThrow(expect.objectContaining({ setting: "baseURL" }));
  });

  it("is OpenAI's when there is none but a key, and OpenAI is asked in its new words", async () => {
    const { requests, transport } = answering(delta({ content: "a" }));
    const model = createOpenAICompatible({ apiKey: "k", transport }).chatModel?.("gpt");
    await collect(model?.stream({ ...hello, settings: { maxOutputTokens: 5 } }) ?? empty());
    expect(requests[0]).toMatchObject({
      url: "https://api.openai.com/v1/chat/completions",
      headers: { authorization: "Bearer k" },
    });
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ max_completion_tokens: 5 });
    expect(requests[0]?.body).not.toContain("max_tokens");
  });
});

async function* empty(): AsyncGenerator<StreamPart[]> {}
