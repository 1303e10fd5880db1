import {
  type Batch,
  type CallOptions,
  type Capabilities,
  defineProvider,
  type HostStatus,
  type Provider,
  ProviderError,
  type ProviderErrorCode,
  SPEC_VERSION,
  type StreamModel,
} from "@llamaduct/core";
import type { Clock } from "../src/clock.ts";

export interface FakeHostOptions {
  readonly clock: Clock;
  readonly name?: string;
  readonly models?: readonly string[];
  /** Models in memory at once. Default: 2. */
  readonly memory?: number;
  readonly loadMs?: number;
  readonly serviceMs?: () => number;
  /** Answers at once. Default: no limit. */
  readonly slots?: number;
}

/** A server that loads models into a memory that is too small for all of them. */
export interface FakeHost {
  readonly provider: Provider;
  /** What was asked of it, in order: `chat llama`, `status`. */
  readonly requests: readonly string[];
  readonly loads: number;
  /** Streams that it is working on. */
  readonly running: number;
  /** Most that it was ever working on. */
  readonly peak: number;
  /** What every request fails with; `undefined`: it works. */
  failure: ProviderErrorCode | (() => ProviderErrorCode | undefined) | undefined;
  /** Of its failures. */
  retryAfterMs: number | undefined;
  /** Fails after the first part of an answer. */
  failsLater: boolean;
  models: Set<string>;
  load(model: string, contextLength?: number): void;
}

const UNKNOWN: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};

export function fakeHost(options: FakeHostOptions): FakeHost {
  const {
    clock,
    name = "fake",
    memory = 2,
    loadMs = 0,
    serviceMs = () => 0,
    slots = Number.POSITIVE_INFINITY,
  } = options;
  const requests: string[] = [];
  const loaded = new Map<string, { contextLength: number | undefined; ready: Promise<void>; users: number }>();
  const queue: (() => void)[] = [];
  let [loads, running, peak] = [0, 0, 0];

  function fail(): void {
    const code = typeof host.failure === "function" ? host.failure() : host.failure;
    if (code === undefined) return;
    const answers = code !== "upstream_connection_failed" && !code.endsWith("_timeout");
    const { retryAfterMs } = host;
    throw new ProviderError({ code, message: `${name} fails.`, retryAfterMs, ...(answers && { upstreamStatus: 500 }) });
  }

  function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = clock.after(ms, resolve);
      signal?.addEventListener("abort", () => {
        stop();
        reject(signal.reason);
      });
    });
  }

  async function enter(): Promise<void> {
    if (running >= slots) await new Promise<void>((resolve) => queue.push(resolve));
    running++;
    peak = Math.max(peak, running);
  }

  function leave(): void {
    running--;
    queue.shift()?.();
  }

  async function inMemory(model: string): Promise<{ users: number }> {
    let entry = loaded.get(model);
    if (entry === undefined) {
      loads++;
      for (const [other, { users }] of loaded) {
        if (loaded.size < memory) break;
        if (users === 0) loaded.delete(other);
      }
      entry = { contextLength: undefined, ready: sleep(loadMs, undefined), users: 0 };
    }
    // The one used last stands last.
    loaded.delete(model);
    loaded.set(model, entry);
    await entry.ready;
    return entry;
  }

  async function* answer(kind: string, model: string, call: CallOptions = {}): AsyncGenerator<Batch> {
    requests.push(`${kind} ${model}`);
    fail();
    if (!host.models.has(model))
      throw new ProviderError({ code: "model_not_found", message: "No.", upstreamStatus: 404 });
    await enter();
    const entry = await inMemory(model);
    entry.users++;
    try {
      const ms = serviceMs();
      await sleep(ms / 4, call.signal);
      yield [
        { type: "start", modelId: model, warnings: [] },
        { type: "text-delta", text: name },
      ];
      await sleep(ms - ms / 4, call.signal);
      if (host.failsLater) throw new ProviderError({ code: "upstream_stream_interrupted", message: "Cut." });
      yield [{ type: "finish", reason: "stop", usage: { inputTokens: 10, outputTokens: 10 } }];
    } finally {
      entry.users--;
      leave();
    }
  }

  function model<Request>(kind: string, modelId: string): StreamModel<Request> {
    return {
      provider: name,
      modelId,
      capabilities: () => UNKNOWN,
      stream: (_, call) => answer(kind, modelId, call),
    };
  }

  async function status(): Promise<HostStatus> {
    requests.push("status");
    if (host.failure === "upstream_connection_failed") fail();
    return {
      models: [...host.models].map((id) => ({ id, capabilities: UNKNOWN })),
      loaded: [...loaded].map(([id, { contextLength }]) => ({ id, contextLength })),
      toKey: (id) => id.replace(/:latest$/, ""),
    };
  }

  const host: FakeHost = {
    requests,
    get loads() {
      return loads;
    },
    get running() {
      return running;
    },
    get peak() {
      return peak;
    },
    failure: undefined,
    retryAfterMs: undefined,
    failsLater: false,
    models: new Set(options.models ?? ["llama"]),
    load: (id, contextLength) => loaded.set(id, { contextLength, ready: Promise.resolve(), users: 0 }),
    provider: defineProvider({
      specVersion: SPEC_VERSION,
      id: name,
      settings: [],
      chatModel: (modelId) => model("chat", modelId),
      textModel: (modelId) => model("text", modelId),
      embeddingModel: (modelId) => ({
        provider: name,
        modelId,
        async embed({ input }, call) {
          let tokens = 0;
          for await (const batch of answer("embed", modelId, call)) tokens += batch.length;
          return {
            vectors: input.map(() => new Float32Array([tokens])),
            usage: { inputTokens: 1, outputTokens: 0 },
            warnings: [],
          };
        },
      }),
      listModels: async () => (await status()).models,
      describe: async (id) => (host.models.has(id) ? { id, capabilities: UNKNOWN } : undefined),
      status,
    }),
  };
  return host;
}
