import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { startEngine } from "../test/start-engine.ts";
import {
  type AbortableStream,
  APIError,
  BadRequestError,
  type ChatCompletion,
  type ChatCompletionChunk,
  InternalServerError,
  NotFoundError,
  ProviderError,
  type TextCompletion,
  type TextCompletionChunk,
} from "./index.ts";

const model = "ollama_chat/plain";
const messages = [{ role: "user", content: "hi" }] as const;
const TEXT = "The quick brown llama jumps over the lazy alpaca.";

const saying = (content: string) => ({
  chunks: [
    `${JSON.stringify({ model: "plain", message: { role: "assistant", content }, done: false })}\n`,
    `${JSON.stringify({ model: "plain", message: { role: "assistant", content: "" }, done: true, done_reason: "stop" })}\n`,
  ],
});

describe("completion()", () => {
  it("gives what a request asks for, and its type says which", async () => {
    const { engine } = await startEngine();
    const whole = await engine.completion({ model, messages });
    expectTypeOf(whole).toEqualTypeOf<ChatCompletion>();
    expect(whole.choices[0]?.message.content).toBe(TEXT);
    const stream = await engine.completion({ model, messages, stream: true });
    expectTypeOf(stream).toEqualTypeOf<AbortableStream<ChatCompletionChunk>>();
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe(TEXT);
  });

  it("with a prompt it is a text completion", async () => {
    const { engine, bodies } = await startEngine();
    const whole = await engine.completion({ model: "ollama/plain", prompt: "Say it." });
    expectTypeOf(whole).toEqualTypeOf<TextCompletion>();
    expect(whole.choices[0]?.text).toBe(TEXT);
    const stream = await engine.completion({ model: "ollama/plain", prompt: "Say it.", stream: true });
    expectTypeOf(stream).toEqualTypeOf<AbortableStream<TextCompletionChunk>>();
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? "";
    expect(text).toBe(TEXT);
    expect(bodies("/api/generate").map(({ prompt }) => prompt)).toEqual(["Say it.", "Say it."]);
  });

  it("refuses a signal in a request, which is plain JSON, and says where it belongs", async () => {
    const { engine, emulator } = await startEngine();
    const signal = AbortSignal.timeout(60_000);
    const refusal = {
      status: 400,
      code: "invalid_value",
      param: "signal",
      message: "signal belongs into the options.",
    };
    // @ts-expect-error For callers without types it is an error, too.
    await expect(engine.completion({ model, messages, signal })).rejects.toMatchObject(refusal);
    // @ts-expect-error The same.
    await expect(engine.embedding({ model, input: "a", signal })).rejects.toMatchObject(refusal);
    expect(emulator.requests).toEqual([]);
  });
});

describe("a stream", () => {
  it("is a ReadableStream of lines, as OpenAI's SDK has it", async () => {
    const { engine } = await startEngine();
    const stream = await engine.completion({ model, messages, stream: true });
    const lines = (await new Response(stream.toReadableStream()).text()).trimEnd().split("\n");
    const chunks: ChatCompletionChunk[] = lines.map((line) => JSON.parse(line));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(TEXT);
  });

  it.each([
    ["its controller", (stream: AbortableStream<unknown>) => stream.controller.abort()],
    ["cancelling the readable stream", (stream: AbortableStream<unknown>) => void stream.toReadableStream().cancel()],
  ])("%s ends it at the model, while nothing comes", async (_, end) => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ fault: { silenceAfterChunks: 2 } });
    const stream = await engine.completion({ model, messages, stream: true });
    end(stream);
    expect(await emulator.requests.at(-1)?.ended).toBe("aborted");
  });

  it("the caller's own signal ends it with its own reason", async () => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ fault: { silenceAfterChunks: 2 } });
    const controller = new AbortController();
    const stream = await engine.completion({ model, messages, stream: true }, { signal: controller.signal });
    const reason = new Error("enough");
    const read = (async () => {
      for await (const _ of stream) controller.abort(reason);
    })();
    await expect(read).rejects.toBe(reason);
  });
});

describe("response_format", () => {
  const schema = z.object({ city: z.string(), population: z.number().optional() });

  it("as a schema: the answer is an object of its type", async () => {
    const { engine, emulator, bodies } = await startEngine();
    emulator.enqueue(saying('{"city":"Paris","population":2}'));
    const { choices } = await engine.completion({ model, messages, response_format: schema });
    const parsed = choices[0]?.message.parsed;
    expectTypeOf(parsed).toEqualTypeOf<{ city: string; population?: number | undefined } | null | undefined>();
    expect(parsed).toEqual({ city: "Paris", population: 2 });
    expect(bodies("/api/chat")[0]?.["format"]).toMatchObject({ properties: { city: { type: "string" } } });
  });

  it("as a schema: what it refuses is an error", async () => {
    const { engine, emulator } = await startEngine();
    const even = schema.refine(({ city }) => city !== "Paris", "not Paris");
    emulator.enqueue(saying('{"city":"Paris"}'));
    const error = await engine.completion({ model, messages, response_format: even }).catch((error) => error);
    expect(error).toMatchObject({ code: "upstream_error", status: 502, param: "response_format" });
    expect(error.cause.errors).toMatchObject([{ message: "not Paris" }]);
  });

  it("as a schema that cannot be JSON Schema: names the field", async () => {
    const { engine } = await startEngine();
    const asked = engine.completion({ model, messages, response_format: z.object({ when: z.date() }) });
    await expect(asked).rejects.toMatchObject({ code: "invalid_value", param: "response_format" });
  });

  it("as a schema streams, too", async () => {
    const { engine, bodies } = await startEngine();
    const stream = await engine.completion({ model, messages, response_format: schema, stream: true });
    expectTypeOf(stream).toEqualTypeOf<AbortableStream<ChatCompletionChunk>>();
    stream.controller.abort();
    expect(bodies("/api/chat")[0]?.["format"]).toMatchObject({ type: "object" });
  });
});

describe("errors", () => {
  it("are told in OpenAI's words as well", async () => {
    const { engine } = await startEngine();
    const error = await engine.completion({ model: "ollama_chat/missing-model", messages }).catch((error) => error);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).not.toBeInstanceOf(BadRequestError);
    if (!(error instanceof APIError)) throw error;
    expectTypeOf(error.status).toBeNumber();
    expect({ ...error }).toMatchObject({
      name: "NotFoundError",
      status: 404,
      type: "invalid_request_error",
      param: "model",
      code: "model_not_found",
    });
  });

  it("in the middle of a stream, too", async () => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ fault: { cutAfterBytes: 400 } });
    const stream = await engine.completion({ model, messages, stream: true });
    const read = (async () => {
      for await (const _ of stream);
    })();
    await expect(read).rejects.toBeInstanceOf(InternalServerError);
  });
});

describe("what LiteLLM's requests say of a call", () => {
  it("timeout is in seconds", async () => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    await expect(engine.completion({ model, messages, timeout: 0.05 })).rejects.toMatchObject({
      code: "upstream_total_timeout",
      status: 504,
    });
  });
});

it("models: the application's word", async () => {
  const models = { [model]: { supports_function_calling: false } };
  const { engine, bodies } = await startEngine({ models });
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }] as const;
  await engine.completion({ model, messages, tools }).catch(() => {});
  expect(bodies("/api/chat")[0]).toHaveProperty("format");
  expect(bodies("/api/chat")[0]).not.toHaveProperty("tools");
  // @ts-expect-error There is no such word.
  await expect(startEngine({ models: { x: { supports_tools: true } } })).rejects.toThrow('"supports_tools"');
});

it("defaults lie under every request", async () => {
  const { engine, bodies } = await startEngine({ defaults: { num_ctx: 4096, temperature: 0.5 } });
  await engine.completion({ model, messages, temperature: 0 });
  expect(bodies("/api/chat")[0]?.["options"]).toMatchObject({ num_ctx: 4096, temperature: 0 });
});
