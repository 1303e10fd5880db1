import * as api from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { line } from "../../test/ndjson.ts";
import { type ProxyOptions, startProxy } from "../../test/start-proxy.ts";
import { createTracing } from "./create-tracing.ts";

type Options = NonNullable<ConstructorParameters<typeof NodeSDK>[0]>;
type Span = Parameters<NonNullable<Options["spanProcessors"]>[number]["onEnd"]>[0];

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SECRETS = ["a question nobody may see", "sk-secret"];
const request = { model: "m", messages: [{ role: "user" as const, content: SECRETS.join(" ") }] };

const spans: Span[] = [];
const done = async () => {};
const sdk = new NodeSDK({
  spanProcessors: [{ onStart() {}, onEnd: (span) => void spans.push(span), forceFlush: done, shutdown: done }],
  ...{ metricReaders: [], logRecordProcessors: [], instrumentations: [] },
});
sdk.start();
afterAll(() => sdk.shutdown());
beforeEach(() => {
  spans.length = 0;
});

function start(options: ProxyOptions = {}) {
  const deployments = [{ id: "d", name: "m", model: "ollama_chat/plain" }];
  return startProxy({ deployments, ...options, app: { trace: createTracing(api) } });
}

/** Of a request that is over, the attempts first, as they end. */
async function ended(count: number): Promise<readonly Span[]> {
  await expect.poll(() => spans.length).toBe(count);
  return spans;
}

describe("a request", () => {
  it.each([true, false])(
    "is a span below the client's, and its attempt one below that (streamed: %s)",
    async (stream) => {
      const proxy = await start();
      const options = { headers: { traceparent: PARENT } };
      const answer = await proxy.client.chat.completions.create({ ...request, stream }, options);
      if (Symbol.asyncIterator in answer) for await (const _ of answer);
      const [attempt, server] = await ended(2);
      expect(server).toMatchObject({ name: "POST /v1/chat/completions", kind: api.SpanKind.SERVER });
      expect(server?.spanContext().traceId).toBe(PARENT.split("-")[1]);
      expect(server?.parentSpanContext?.spanId).toBe(PARENT.split("-")[2]);
      expect(server?.attributes).toEqual({
        "http.request.method": "POST",
        "http.route": "/v1/chat/completions",
        "http.response.status_code": 200,
        "gen_ai.request.model": "m",
        "gen_ai.response.model": "ollama_chat/plain",
        "gen_ai.usage.input_tokens": expect.any(Number),
        "gen_ai.usage.output_tokens": expect.any(Number),
      });
      expect(attempt).toMatchObject({ name: "chat plain", kind: api.SpanKind.CLIENT });
      expect(attempt?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
      expect(attempt?.attributes).toEqual({
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "ollama_chat",
        "gen_ai.request.model": "plain",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.time_to_first_chunk": expect.any(Number),
        "gen_ai.usage.input_tokens": server?.attributes["gen_ai.usage.input_tokens"],
        "gen_ai.usage.output_tokens": server?.attributes["gen_ai.usage.output_tokens"],
        "llamaduct.deployment.id": "d",
        "server.address": "127.0.0.1",
        "server.port": Number(new URL(proxy.emulator.url).port),
      });
      const { headers } = await proxy.emulator.nextRequest("/api/chat");
      const { traceId, spanId } = attempt?.spanContext() ?? {};
      expect(headers["traceparent"]).toBe(`00-${traceId}-${spanId}-01`);
    },
  );

  it("begins a trace of its own without one, and embeddings and completions are told apart", async () => {
    const deployments = ["plain", "embedder"].map((name) => ({ name, model: `ollama/${name}` }));
    const { client } = await start({ deployments });
    await client.completions.create({ model: "plain", prompt: "hi" });
    await client.embeddings.create({ model: "embedder", input: "hi" });
    const [completion, first, embedding, second] = await ended(4);
    expect([completion?.name, embedding?.name]).toEqual(["text_completion plain", "embeddings embedder"]);
    expect(first?.parentSpanContext).toBeUndefined();
    expect(first?.spanContext().traceId).not.toBe(second?.spanContext().traceId);
  });

  it("of several choices is one attempt, with all their reasons and tokens", async () => {
    const { client } = await start();
    const { usage } = await client.chat.completions.create({ ...request, n: 3 });
    const [attempt] = await ended(2);
    expect(attempt?.attributes["gen_ai.response.finish_reasons"]).toEqual(["stop", "stop", "stop"]);
    expect(attempt?.attributes["gen_ai.usage.output_tokens"]).toBe(usage?.completion_tokens);
  });

  it("that fell back has a span for each attempt, the failed one with its code", async () => {
    const proxy = await start({
      config: `
model_list:
  - { model_name: m, litellm_params: { model: ollama_chat/plain, api_base: "http://user:sk-secret@127.0.0.1:9" } }
  - { model_name: other, litellm_params: { model: ollama_chat/plain } }
router_settings: { num_retries: 0, fallbacks: [{ m: [other] }] }
`,
    });
    await proxy.client.chat.completions.create(request);
    const [failed, answered, server] = await ended(3);
    expect(failed?.attributes).toMatchObject({ "error.type": "upstream_connection_failed", "server.port": 9 });
    expect(failed?.status.code).toBe(api.SpanStatusCode.ERROR);
    for (const span of [answered, server]) expect(span?.attributes).not.toHaveProperty("error.type");
  });

  it("of several choices, one of which fails, keeps its attempts apart", async () => {
    const proxy = await start({
      config: `
model_list:
  - { model_name: m, litellm_params: { model: ollama_chat/plain } }
  - { model_name: other, litellm_params: { model: ollama_chat/plain } }
router_settings: { num_retries: 0, fallbacks: [{ m: [other] }] }
`,
    });
    proxy.emulator.enqueue({ status: 500, chunks: ['{"error":"out of memory"}'] });
    for (const _ of [2, 3]) proxy.emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    await proxy.client.chat.completions.create({ ...request, n: 3 });
    const [failed, answered] = await ended(3);
    expect(failed?.attributes).toMatchObject({ "error.type": "upstream_error" });
    expect(answered?.attributes).toMatchObject({ "gen_ai.response.finish_reasons": ["stop", "stop", "stop"] });
    expect(answered?.attributes).not.toHaveProperty("error.type");
  });

  it.each([
    ["a server's failure", { status: 500, chunks: ['{"error":"out of memory"}'] }, "upstream_error"],
    [
      "a stream that breaks off",
      { chunks: [line({ content: "a" })], fault: { endAfterChunks: 1 } },
      "upstream_stream_interrupted",
    ],
  ] as const)("%s is an error of both spans", async (_, reply, code) => {
    const proxy = await start();
    proxy.emulator.enqueue(reply);
    const stream = proxy.client.chat.completions.create({ ...request, stream: true });
    await stream
      .then(async (pieces) => {
        for await (const _ of pieces);
      })
      .catch(() => {});
    for (const span of await ended(2)) {
      expect(span.attributes["error.type"]).toBe(code);
      expect(span.status.code).toBe(api.SpanStatusCode.ERROR);
    }
  });

  it("that is refused has no attempt, and is the client's error", async () => {
    const { client } = await start({ server: { masterKey: "sk-other" } });
    await client.chat.completions.create(request).catch(() => {});
    const [server] = await ended(1);
    expect(server?.attributes).toMatchObject({ "error.type": "invalid_api_key", "http.response.status_code": 401 });
    expect(server?.status.code).toBe(api.SpanStatusCode.UNSET);
  });

  it("whose client leaves says so", async () => {
    const proxy = await start();
    proxy.emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    const left = new AbortController();
    const answer = proxy.client.chat.completions.create(request, { signal: left.signal }).catch(() => {});
    await proxy.emulator.nextRequest("/api/chat");
    left.abort();
    await answer;
    for (const span of await ended(2)) expect(span.attributes["error.type"]).toBe("client_gone");
  });

  it("of a probe leaves none, and no span holds what was asked, answered or secret", async () => {
    const { url, client } = await start();
    await fetch(`${url}/health/liveness`);
    await client.chat.completions.create(request);
    const all = JSON.stringify((await ended(2)).map(({ name, attributes, events }) => [name, attributes, events]));
    for (const text of [...SECRETS, "llama jumps"]) expect(all).not.toContain(text);
  });
});
