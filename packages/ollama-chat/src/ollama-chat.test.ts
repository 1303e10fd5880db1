import { type ChatRequest, collect, commit, type StreamPart } from "@llamaduct/core";
import type { Transport, TransportRequest } from "@llamaduct/http";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pathsOf, without } from "../test/json-paths.ts";
import { hello } from "../test/replay.ts";
import { createOllamaChat, type OllamaChatOptions } from "./ollama-chat.ts";

type Emulator = Awaited<ReturnType<typeof startEmulator>>;
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const model = (name: string, options?: OllamaChatOptions) => {
  const made = createOllamaChat({ baseURL: emulator.url, ...options }).chatModel?.(name);
  if (made === undefined) throw new Error("no chat model");
  return made;
};
const weather: ChatRequest = { ...hello, tools: [{ name: "get_current_weather", parameters: {} }] };

/** An upstream that answers with these lines, and remembers what it was sent. */
function answering(...lines: readonly object[]) {
  const requests: TransportRequest[] = [];
  const transport: Transport = async (request) => {
    requests.push(request);
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    return {
      status: 200,
      headers: {},
      body: (async function* () {
        yield new TextEncoder().encode(text);
      })(),
    };
  };
  return { requests, transport };
}

const done = { message: { role: "assistant", content: "" }, done: true, done_reason: "stop" };
const call = (id: string | undefined, name: string, args: object = {}) => ({
  id,
  function: { index: 0, name, arguments: args },
});
const withCalls = (...calls: readonly object[]) => ({ message: { content: "", tool_calls: calls }, done: false });

async function partsOf(transport: Transport): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const batch of model("m", { transport }).stream(hello)) parts.push(...batch);
  return parts;
}

describe("tool calls", () => {
  it("A1: stop becomes tool-calls when there were any; length stays", async () => {
    const stopped = await collect(model("m", answering(withCalls(call("a", "f")), done)).stream(hello));
    expect(stopped.finish).toMatchObject({ reason: "tool-calls", rawReason: "stop" });
    const cut = await collect(
      model("m", answering(withCalls(call("a", "f")), { ...done, done_reason: "length" })).stream(hello),
    );
    expect(cut.finish.reason).toBe("length");
  });

  it("A2: three calls in three events and two in one are five, each whole", async () => {
    const { transport } = answering(
      ...[1, 2, 3].map((n) => withCalls(call(`c${n}`, `f${n}`, { n }))),
      withCalls(call("c4", "f4", { n: 4 }), call("c5", "f5", { n: 5 })),
      done,
    );
    const { content } = await collect(model("m", { transport }).stream(hello));
    expect(content).toEqual(
      [1, 2, 3, 4, 5].map((n) => ({ type: "tool-call", id: `c${n}`, name: `f${n}`, arguments: `{"n":${n}}` })),
    );
  });

  it("A4: a call without id and arguments gets an id and an empty object; one id given twice is two calls", async () => {
    const { transport } = answering(withCalls(call(undefined, "f"), call("x", "g"), call("x", "g")), done);
    const { content } = await collect(model("m", { transport }).stream(hello));
    const ids = content.map((part) => (part.type === "tool-call" ? part.id : ""));
    expect(ids[0]).toMatch(/^call_[0-9a-f]{24}$/);
    expect(new Set(ids).size).toBe(3);
    expect(content[0]).toMatchObject({ name: "f", arguments: "{}" });
  });

  it("A10: no empty text precedes a call", async () => {
    const parts = await partsOf(answering(withCalls(call("a", "f")), done).transport);
    expect(parts.map(({ type }) => type)).toEqual(["start", "tool-call-start", "tool-call-delta", "finish"]);
  });

  it("A11: with tools in the request, text still comes as it is generated", async () => {
    const batches: number[] = [];
    emulator.enqueue({ recording: "chat-tagcall-stream", delayMs: 5 });
    for await (const batch of model("tagcall").stream(weather)) batches.push(batch.length);
    expect(batches.length).toBeGreaterThanOrEqual(5);
  });
});

describe("reasoning", () => {
  it("F1: every thinking delta is delivered", async () => {
    const thoughts = Array.from({ length: 50 }, (_, n) => ({
      message: { content: "", thinking: `t${n} ` },
      done: false,
    }));
    const parts = await partsOf(answering(...thoughts, done).transport);
    const deltas = parts.flatMap((part) => (part.type === "reasoning-delta" ? [part.text] : []));
    expect(deltas).toEqual(thoughts.map(({ message }) => message.thinking));
  });

  it("an event with both is reasoning, then text", async () => {
    const parts = await partsOf(
      answering({ message: { thinking: "so", content: "yes" }, done: false }, done).transport,
    );
    expect(parts.slice(1, 3)).toEqual([
      { type: "reasoning-delta", text: "so" },
      { type: "text-delta", text: "yes" },
    ]);
  });
});

describe("events of another shape", () => {
  const event = {
    model: "m",
    created_at: "2026-01-01T00:00:00Z",
    message: { role: "assistant", content: "a", thinking: "b", tool_calls: [call("c", "f", { x: 1 })] },
    done: false,
    logprobs: [{ token: "a", logprob: -1, bytes: [97], top_logprobs: [{ token: "b", logprob: -2 }] }],
  };
  const paths = [...pathsOf(event)];

  it.each(paths)("F5: survives, or names the protocol, without %j", async (...path) => {
    const error = await partsOf(answering(without(event, path), done).transport).catch((caught: unknown) => caught);
    if (error instanceof Error) expect(error).toMatchObject({ code: "upstream_protocol_error" });
    else expect(error).toContainEqual(expect.objectContaining({ type: "finish", reason: expect.any(String) }));
  });

  it("A8: null content, no message and unknown fields say nothing", async () => {
    const lines = [
      { message: { content: null }, done: false },
      { done: false },
      { message: null },
      { surprise: [1] },
      done,
    ];
    const parts = await partsOf(answering(...lines).transport);
    expect(parts.map(({ type }) => type)).toEqual(["start", "finish"]);
  });

  it.each([-1, 1.5, 1e308, "3", null])(
    "B25: a count of %j is none, and no reason to lose the answer",
    async (count) => {
      const counters = { prompt_eval_count: count, eval_count: count, load_duration: count };
      const parts = await partsOf(answering({ message: { content: "a" } }, { ...done, ...counters }).transport);
      expect(parts.at(-1)).toMatchObject({ type: "finish", usage: {} });
      expect(parts.at(-1)).not.toMatchObject({ usage: { inputTokens: expect.anything() } });
    },
  );

  it("N3: a final reason without done is final", async () => {
    const parts = await partsOf(answering({ message: { content: "a" }, done_reason: "stop" }).transport);
    expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "stop" });
  });

  it("nothing after the final event counts, not even garbage", async () => {
    const parts = await partsOf(
      answering({ message: { content: "a" } }, done, { message: { content: "b" } }, { error: "x" }).transport,
    );
    expect(parts.map(({ type }) => type)).toEqual(["start", "text-delta", "finish"]);
  });
});

describe("I1: finish reasons", () => {
  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["load", "stop"],
    ["unload", "stop"],
    ["melted", "other"],
  ])("%s is %s", async (rawReason, reason) => {
    const { finish } = await collect(model("m", answering({ ...done, done_reason: rawReason })).stream(hello));
    expect(finish).toMatchObject({ reason, rawReason });
  });
});

it("D2: a loop ends when the model sees its call's result", async () => {
  const transport: Transport = async (request) => {
    // What `toChatBody` has written.
    const { messages } = JSON.parse(request.body ?? "") as { messages: { role: string; tool_name?: string }[] };
    const seen = messages.some(({ role, tool_name }) => role === "tool" && tool_name === "f");
    return answering(seen ? { message: { content: "noon" } } : withCalls(call("c", "f")), done).transport(request);
  };
  const first = await collect(model("m", { transport }).stream(hello));
  expect(first.finish.reason).toBe("tool-calls");
  const second = await collect(
    model("m", { transport }).stream({
      messages: [
        ...hello.messages,
        { role: "assistant", content: first.content },
        { role: "tool", callId: "c", name: "f", content: "12:00" },
      ],
    }),
  );
  expect(second.content).toEqual([{ type: "text", text: "noon" }]);
});

it("F8: thinking that eats the limit is told: length, reasoning, no text", async () => {
  const { transport } = answering({ message: { thinking: "so" } }, { ...done, done_reason: "length" });
  const { content, finish } = await collect(model("m", { transport }).stream(hello));
  expect(content).toEqual([{ type: "reasoning", text: "so" }]);
  expect(finish.reason).toBe("length");
});

describe("the upstream's failures", () => {
  it("N1: an error line throws after what came before it; as the first line it is still no answer", async () => {
    const parts: StreamPart[] = [];
    const failing = model(
      "m",
      answering({ message: { content: "a" } }, { error: "an error was encountered while running the model: EOF" }),
    );
    const error = await (async () => {
      for await (const batch of failing.stream(hello)) parts.push(...batch);
    })().catch((caught: unknown) => caught);
    expect(parts.map(({ type }) => type)).toEqual(["start", "text-delta"]);
    expect(error).toMatchObject({ code: "upstream_error", provider: "ollama_chat", modelId: "m" });
    const first = model("m", answering({ error: "model 'm' not found" }));
    await expect(commit(first.stream(hello))).rejects.toMatchObject({ code: "model_not_found" });
  });

  it.each([0, 1, 3])("N2: an end after %i events without the final one is an error", async (count) => {
    emulator.enqueue({ recording: "chat-plain-stream", fault: { endAfterChunks: count } });
    await expect(collect(model("plain").stream(hello))).rejects.toMatchObject({ code: "upstream_stream_interrupted" });
  });

  it.each([{ cutAfterBytes: 300 }, { closeInsideChunk: 2 }])("N2: a cut connection is one too: %j", async (fault) => {
    emulator.enqueue({ recording: "chat-plain-stream", fault });
    await expect(collect(model("plain").stream(hello))).rejects.toMatchObject({ code: "upstream_stream_interrupted" });
  });

  it("starts only when the server has accepted", async () => {
    const seen: StreamPart[] = [];
    const read = (async () => {
      for await (const batch of model("plain").stream(weather)) seen.push(...batch);
    })();
    await expect(read).rejects.toMatchObject({ code: "unsupported", setting: "tools" });
    expect(seen).toEqual([]);
  });
});

describe("an abort", () => {
  it.each([
    ["before any byte", { silenceBeforeHeaders: true } as const, 0],
    ["in the middle", { silenceAfterChunks: 2 } as const, 3],
  ])("M1: %s closes the upstream within 100 ms and gives the caller's reason back", async (_, fault, partCount) => {
    await using upstream = await startEmulator();
    upstream.enqueue({ recording: "chat-plain-stream", fault });
    const controller = new AbortController();
    const reason = new Error("the client left");
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    let count = 0;
    const read = (async () => {
      const stream = model("plain", { baseURL: upstream.url }).stream(hello, { signal: controller.signal });
      for await (const batch of stream) {
        count += batch.length;
        if (count >= partCount) resolve();
      }
    })().catch((caught: unknown) => caught);
    const request = await upstream.nextRequest();
    if (partCount > 0) await enough;
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await read).toBe(reason);
    expect(await request.ended).toBe("aborted");
    expect((request.endedAt ?? Number.POSITIVE_INFINITY) - abortedAt).toBeLessThan(100);
  });

  it("M2: leaving the loop closes the upstream too", async () => {
    emulator.enqueue({ recording: "chat-plain-stream", fault: { silenceAfterChunks: 2 } });
    for await (const batch of model("plain").stream(hello))
      if (Array.from(batch).some(({ type }) => type === "text-delta")) break;
    expect(await emulator.requests.at(-1)?.ended).toBe("aborted");
  });

  it("that came before the call sends nothing", async () => {
    const { requests, transport } = answering(done);
    const reason = new Error("gone already");
    const stream = model("m", { transport }).stream(hello, { signal: AbortSignal.abort(reason) });
    await expect(collect(stream)).rejects.toBe(reason);
    expect(requests).toEqual([]);
  });
});

describe("what is sent", () => {
  it("L5, M3, N8: always asks for a stream, also when a whole answer is wanted", async () => {
    await collect(model("plain").stream(hello));
    expect(emulator.requests.at(-1)?.body).toMatchObject({ model: "plain", stream: true });
  });

  it("I2: the output limit is num_predict", async () => {
    const { requests, transport } = answering(done);
    await collect(model("m", { transport }).stream({ ...hello, settings: { maxOutputTokens: 7 } }));
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ options: { num_predict: 7 } });
  });
});
