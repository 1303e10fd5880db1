import { type Middleware, type Provider, ProviderError, type ProviderFactory, type Stream } from "@llamaduct/core";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type ChatCompletion, type ChatStream, createLlamaduct, type LlamaductOptions } from "./index.ts";

const messages = [{ role: "user", content: "hi" }] as const;
const sentence = "The quick brown llama jumps over the lazy alpaca.";

/** What the emulator is asked is what a test has asked. */
const UNWATCHED = { status: { intervalMs: 0 } };

/** An engine on an emulator of its own. */
async function started(options: LlamaductOptions = {}) {
  const emulator = await startEmulator();
  const engine = createLlamaduct({
    settings: { ollama_chat: { baseURL: emulator.url } },
    routing: UNWATCHED,
    ...options,
  });
  return { emulator, engine, [Symbol.asyncDispose]: () => emulator.close() };
}

async function textOf(stream: ChatStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
}

describe("completion", () => {
  it.each(["plain", "ollama_chat/plain", "plain:latest"])(
    "answers %s whole and streamed, by default",
    async (model) => {
      await using at = await started();
      const whole = await at.engine.completion({ model, messages });
      expect(whole).toMatchObject({
        object: "chat.completion",
        model,
        choices: [{ message: { role: "assistant", content: sentence }, finish_reason: "stop" }],
        usage: { prompt_tokens: 23, completion_tokens: 11, total_tokens: 34 },
      });
      expect(await textOf(await at.engine.completion({ model, messages, stream: true }))).toBe(sentence);
    },
  );

  it("A5: a stream has one id, one creation time and the name that was asked for", async () => {
    await using at = await started();
    const chunks: object[] = [];
    for await (const { id, created, model } of await at.engine.completion({
      model: "multitools",
      messages,
      stream: true,
      tools: [tool],
    }))
      chunks.push({ id, created, model });
    expect(new Set(chunks.map((chunk) => JSON.stringify(chunk))).size).toBe(1);
    expect(chunks[0]).toMatchObject({ id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/), model: "multitools" });
  });

  it("has the type that its `stream` leads to", () => {
    const { completion } = createLlamaduct();
    expectTypeOf(() => completion({ model: "m", messages, stream: true })).returns.resolves.toExtend<ChatStream>();
    expectTypeOf(() => completion({ model: "m", messages })).returns.resolves.toEqualTypeOf<ChatCompletion>();
  });

  it("fails before it answers, with the error's own status", async () => {
    await using at = await started();
    await expect(at.engine.completion({ model: "nope", messages })).rejects.toMatchObject({ code: "model_not_found" });
    await expect(at.engine.completion({ model: "plain", messages: [], stream: true })).rejects.toMatchObject({
      code: "invalid_value",
      setting: "messages",
    });
    expect(at.emulator.requests).toHaveLength(1);
  });
});

const tool = { type: "function", function: { name: "get_time" } } as const;

describe("a streamed answer as events", () => {
  it("ends with [DONE] after success", async () => {
    await using at = await started();
    const stream = await at.engine.completion({ model: "plain", messages, stream: true });
    const pieces: string[] = [];
    for await (const bytes of stream.toEvents()) pieces.push(Buffer.from(bytes).toString());
    expect(pieces.at(-1)?.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(pieces.join("")).toContain('"content":"The"');
  });

  it("N1: a failure in the middle is one error event and no [DONE]; iterating throws it", async () => {
    await using at = await started();
    const fault = { errorAfterChunks: 2, message: "an error was encountered while running the model: EOF" };
    at.emulator.enqueue({ recording: "chat-plain-stream", fault, times: 2 });
    let text = "";
    for await (const piece of (await at.engine.completion({ model: "plain", messages, stream: true })).toEvents())
      text += Buffer.from(piece);
    const events = text.trim().split("\n\n");
    expect(events.filter((event) => event.includes('"error"'))).toHaveLength(1);
    expect(JSON.parse(events.at(-1)?.replace("data: ", "") ?? "")).toEqual({
      error: {
        message: "The model's process stopped on the server.",
        type: "server_error",
        param: null,
        code: "upstream_error",
      },
    });
    expect(text).not.toContain("[DONE]");
    const failing = textOf(await at.engine.completion({ model: "plain", messages, stream: true }));
    await expect(failing).rejects.toMatchObject({ code: "upstream_error" });
  });

  it("N1: a failure in the first line is no stream at all", async () => {
    await using at = await started();
    at.emulator.enqueue({ chunks: ['{"error":"model \'plain\' not found"}\n'] });
    await expect(at.engine.completion({ model: "plain", messages, stream: true })).rejects.toBeInstanceOf(
      ProviderError,
    );
  });

  it("M2: leaving it closes the upstream", async () => {
    await using at = await started();
    at.emulator.enqueue({ recording: "chat-plain-stream", fault: { silenceAfterChunks: 2 } });
    for await (const _ of (await at.engine.completion({ model: "plain", messages, stream: true })).toEvents()) break;
    expect(await at.emulator.requests[0]?.ended).toBe("aborted");
  });
});

describe("deployments", () => {
  it("merges their defaults under the request, before decoding", async () => {
    const deployments = [
      { name: "short", model: "ollama_chat/plain", defaults: { max_tokens: 3, temperature: 0.5, keep_alive: "8m" } },
    ];
    await using at = await started({ deployments });
    await at.engine.completion({ model: "short", messages, temperature: 0.1 });
    expect(at.emulator.requests[0]?.body).toMatchObject({
      model: "plain",
      keep_alive: "8m",
      options: { num_predict: 3, temperature: 0.1 },
    });
  });

  it("N5: another of a group answers until something was sent, and no further", async () => {
    await using broken = await started();
    await using at = await started();
    const deployments = [broken, at].map(({ emulator }, index) => ({
      name: "m",
      model: "ollama_chat/plain",
      settings: { baseURL: emulator.url },
      routing: { order: index },
    }));
    const { completion } = createLlamaduct({ deployments, routing: UNWATCHED });
    const asked = () => [broken, at].map(({ emulator }) => emulator.requests.length);
    const cut = { recording: "chat-plain-stream", fault: { endAfterChunks: 2 } } as const;
    broken.emulator.enqueue({
      status: 500,
      chunks: ['{"error":"llama-server process has terminated: signal: killed"}'],
    });
    expect((await completion({ model: "m", messages })).choices[0]?.message.content).toBe(sentence);
    expect(asked()).toEqual([1, 1]);

    // Of a whole answer nothing is sent before its end.
    broken.emulator.enqueue(cut);
    expect((await completion({ model: "m", messages })).choices[0]?.message.content).toBe(sentence);
    expect(asked()).toEqual([2, 2]);

    broken.emulator.enqueue(cut);
    const stream = await completion({ model: "m", messages, stream: true });
    await expect(textOf(stream)).rejects.toMatchObject({ code: "upstream_stream_interrupted" });
    expect(asked()).toEqual([3, 2]);
  });

  it("do not fail over for what is the caller's fault", async () => {
    await using at = await started();
    const deployment = { name: "m", model: "ollama_chat/plain", settings: { baseURL: at.emulator.url } };
    const { completion } = createLlamaduct({ deployments: [deployment, deployment], routing: UNWATCHED });
    const request = { model: "m", messages, num_ctx: "many" };
    await expect(completion(request)).rejects.toMatchObject({ setting: "extra.num_ctx" });
    at.emulator.enqueue({ status: 400, chunks: ['{"error":"illegal base64 data at input byte 4"}'], times: 2 });
    await expect(completion({ model: "m", messages })).rejects.toMatchObject({ code: "invalid_value" });
    expect(at.emulator.requests.filter(({ path }) => path === "/api/chat")).toHaveLength(1);
  });

  it("K5: one with a host of its own inherits no key", async () => {
    await using at = await started();
    const engine = createLlamaduct({
      settings: { ollama_chat: { baseURL: "http://elsewhere", apiKey: "secret" } },
      deployments: [{ name: "m", model: "ollama_chat/plain", settings: { baseURL: at.emulator.url } }],
      routing: UNWATCHED,
    });
    await engine.completion({ model: "m", messages });
    expect(at.emulator.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("are checked when the engine is made", () => {
    expect(() => createLlamaduct({ deployments: [{ name: "m", model: "nobody/x" }] })).toThrow(
      'Deployment "m": "nobody/x" names none of the providers ollama_chat, ollama, openai.',
    );
    const settings = { baseURL: "ftp://host" };
    expect(() => createLlamaduct({ deployments: [{ name: "m", model: "ollama_chat/x", settings }] })).toThrow(
      'Deployment "m": The base URL must start with http:// or https:// (provider.base-url).',
    );
    const twice = { id: "one", name: "m", model: "ollama_chat/x" };
    expect(() => createLlamaduct({ deployments: [twice, twice] })).toThrow('Two deployments have the id "one".');
  });

  it("L4, L6: give a model that loads as long as their timeout, where that is more than others have", async () => {
    const deployments = [
      { name: "patient", model: "ollama_chat/plain", timeoutMs: 60_000 },
      { name: "usual", model: "ollama_chat/plain" },
      { name: "quick", model: "ollama_chat/plain", timeoutMs: 60_000, streamTimeoutMs: 20 },
    ];
    await using at = await started({ deployments, deadlines: { firstPartMs: 30 } });
    at.emulator.enqueue({ delayMs: 60, times: Number.POSITIVE_INFINITY });
    await expect(at.engine.completion({ model: "patient", messages })).resolves.toHaveProperty("choices");
    const late = { code: "upstream_first_byte_timeout" };
    await expect(at.engine.completion({ model: "usual", messages })).rejects.toMatchObject(late);
    await expect(at.engine.completion({ model: "quick", messages, stream: true })).rejects.toMatchObject(late);
  });

  it("end an answer that takes longer than their timeout", async () => {
    await using at = await started({ deployments: [{ name: "m", model: "ollama_chat/plain", timeoutMs: 250 }] });
    at.emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    await expect(at.engine.completion({ model: "m", messages })).rejects.toMatchObject({
      code: "upstream_total_timeout",
    });
    expect(await at.emulator.requests[0]?.ended).toBe("aborted");
  });
});

describe("a host that the request names", () => {
  it("K5: is refused, naming the field, unless the engine's owner allows it", async () => {
    await using at = await started();
    for (const field of ["api_base", "api_key"])
      await expect(at.engine.completion({ model: "plain", messages, [field]: "http://evil" })).rejects.toMatchObject({
        code: "invalid_value",
        setting: field,
      });
    expect(at.emulator.requests).toHaveLength(0);
  });

  it("K5: gets no key but the request's own", async () => {
    await using at = await started();
    const engine = createLlamaduct({ settings: { ollama_chat: { apiKey: "secret" } }, allowApiBase: true });
    const request = { model: "plain", messages, api_base: `${at.emulator.url}/v1` };
    await engine.completion(request);
    await engine.completion({ ...request, api_key: "mine" });
    expect(at.emulator.requests.map(({ headers }) => headers["authorization"])).toEqual([undefined, "Bearer mine"]);
    for (const { body } of at.emulator.requests) expect(body).not.toHaveProperty("api_base");
  });
});

describe("listModels", () => {
  it("lists what is callable exactly as listed, each model of a host once", async () => {
    await using at = await started();
    const { data } = await at.engine.listModels();
    const ids = data.map(({ id }) => id);
    expect(ids).toContain("plain:latest");
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith("ollama_chat/"))).toEqual([]);
    expect(data[0]).toMatchObject({ object: "model", owned_by: "ollama_chat", created: expect.any(Number) });
    expect(data[0]?.created).toBeGreaterThan(1.7e9);
    for (const id of ["plain:latest", "acme/plain:v1"])
      expect((await at.engine.completion({ model: id, messages })).choices[0]?.message.content).toBe(sentence);
  });

  it("fills wildcards by their own pattern, and keeps plain names as they are", async () => {
    const deployments = [
      { name: "mine", model: "ollama_chat/plain" },
      { name: "team/*", model: "ollama_chat/acme/*" },
      { name: "fixed-*", model: "ollama_chat/plain" },
    ];
    await using at = await started({ deployments });
    const { data } = await at.engine.listModels();
    expect(data.map(({ id }) => id)).toEqual(["mine", "team/plain:v1"]);
  });

  it("K8: a host that is down hides its own models; when that leaves nothing, it says so", async () => {
    await using at = await started();
    const gone = await startEmulator();
    await gone.close();
    const down = { name: "down/*", model: "ollama_chat/*", settings: { baseURL: gone.url } };
    const up = { name: "up/*", model: "ollama_chat/*", settings: { baseURL: at.emulator.url } };
    const { data } = await createLlamaduct({ deployments: [down, up] }).listModels();
    expect(data.map(({ id }) => id)).toContain("up/plain:latest");
    await expect(createLlamaduct({ deployments: [down] }).listModels()).rejects.toMatchObject({
      code: "upstream_connection_failed",
    });
  });
});

describe("what goes around the model", () => {
  it("middleware sees requests outermost first, the observer each call's end", async () => {
    const order: string[] = [];
    const layer =
      (name: string): Middleware =>
      (next) => ({
        ...next,
        stream(request, call): Stream {
          order.push(name);
          return next.stream(request, call);
        },
      });
    await using at = await started({
      middleware: [layer("first"), layer("second")],
      observer: { onEnd: ({ outcome, modelId }) => order.push(`${outcome} ${modelId}`) },
    });
    await at.engine.completion({ model: "plain", messages });
    expect(order).toEqual(["first", "second", "finished plain"]);
  });

  it("reports what had no effect, under the field's OpenAI name", async () => {
    await using at = await started();
    const { warnings } = await at.engine.chat({
      model: "plain",
      messages,
      logit_bias: { 1: 2 },
      user: "ann",
      wings: 2,
    });
    expect(warnings.map(({ setting }) => setting).sort()).toEqual(["logit_bias", "user", "wings"]);
  });

  it("takes any provider through the same door as its own", async () => {
    const echo: ProviderFactory = {
      specVersion: 1,
      id: "echo",
      create: (): Provider => ({
        specVersion: 1,
        id: "echo",
        settings: [],
        chatModel: (modelId) => ({
          provider: "echo",
          modelId,
          capabilities: () => ({
            tools: "none",
            jsonSchema: "none",
            reasoning: "none",
            images: "none",
            suffix: "none",
            embeddings: "none",
          }),
          async *stream() {
            yield [{ type: "start", modelId, warnings: [] }];
            yield [{ type: "text-delta", text: "echo" }];
            yield [{ type: "finish", reason: "stop", usage: { inputTokens: undefined, outputTokens: undefined } }];
          },
        }),
      }),
    };
    const { completion } = createLlamaduct({ providers: [echo] });
    expect((await completion({ model: "echo/x", messages })).choices[0]?.message.content).toBe("echo");
  });
});

describe("recoverToolCalls", () => {
  it.each([
    [undefined, "tool_calls"],
    [false, "stop"],
  ] as const)("of %s ends a call written as text with %s", async (recoverToolCalls, reason) => {
    await using emulator = await startEmulator();
    const engine = createLlamaduct({ settings: { ollama_chat: { baseURL: emulator.url } }, recoverToolCalls });
    const parameters = { type: "object", properties: { location: { type: "string" } } };
    const tools = [{ type: "function" as const, function: { name: "get_current_weather", parameters } }];
    const { choices } = await engine.completion({ model: "prosecall", messages, tools });
    expect(choices[0]?.finish_reason).toBe(reason);
  });
});
