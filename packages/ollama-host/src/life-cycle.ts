import { type CallOptions, type JsonObject, ProviderError } from "@llamaduct/core";
import { extrasPlacer } from "./extras-placer.ts";
import type { OllamaHost } from "./ollama-host.ts";
import { parsePullEvent, toPullProgress } from "./pull-wire.ts";
import { readEvents } from "./read-events.ts";
import { toRequestFields } from "./to-request-fields.ts";

/** Bringing models to a server, into its memory and out of it. */
export interface LifeCycle {
  /** Reads a model into memory, or, when it is there with the same options, restarts its timer. Takes as long as loading takes. */
  load(model: string, options?: LoadOptions, call?: CallOptions): Promise<void>;
  /** Drops a model from memory once its running answers are done. One that is not loaded is no error. */
  unload(model: string, call?: CallOptions): Promise<void>;
  /**
   * Fetches a model from its registry: batches of progress until it is installed. Leaving early stops the server's
   * download; what it has, it keeps.
   */
  pull(model: string, call?: CallOptions): AsyncIterable<readonly PullProgress[]>;
}

export interface LoadOptions {
  /** Seconds, or a duration such as `"5m"`; a negative one is for ever. Default: the server's, five minutes. */
  readonly keepAlive?: number | string | undefined;
  /** Tokens. Later requests that ask for another window load the model again. */
  readonly numCtx?: number | undefined;
  /** Further options of the runner by Ollama's names, such as `num_gpu`. */
  readonly options?: JsonObject | undefined;
}

/** What a download is doing. */
export interface PullProgress {
  /** In the server's words: `pulling manifest`, `pulling 4f2d…`, `verifying sha256 digest`, …, last `success`. */
  readonly status: string;
  /** Of the layer that the numbers are about. */
  readonly digest?: string | undefined;
  readonly totalBytes?: number | undefined;
  readonly completedBytes?: number | undefined;
}

type Endpoints = Pick<OllamaHost, "generate" | "embed"> & {
  readonly startPull: (
    body: { readonly model: string; readonly stream: true },
    call: CallOptions | undefined,
  ) => Promise<AsyncIterable<Uint8Array>>;
};

/** The life cycle of one server's models, on its endpoints. */
export function createLifeCycle({ generate, embed, startPull }: Endpoints): LifeCycle {
  return {
    async load(model, { keepAlive, numCtx, options } = {}, call) {
      const extra = {
        ...options,
        ...(numCtx !== undefined && { num_ctx: numCtx }),
        ...(keepAlive !== undefined && { keep_alive: keepAlive }),
      };
      const { fields } = toRequestFields({ strictSettings: true }, { extras: (await extrasPlacer())(extra, "embed") });
      const { keep_alive, options: runner } = fields;
      const how = { ...(keep_alive !== undefined && { keep_alive }), ...(runner !== undefined && { options: runner }) };
      try {
        await drained(await generate({ model, prompt: "", ...how, stream: true }, call));
      } catch (error) {
        if (!isEmbedderRefusal(error)) throw error;
        await embed({ model, input: [], ...how }, call);
      }
    },
    async unload(model, call) {
      await drained(await generate({ model, prompt: "", keep_alive: 0, stream: true }, call));
    },
    async *pull(model, call) {
      let last: PullProgress | undefined;
      const bytes = await startPull({ model, stream: true }, call);
      for await (const events of readEvents(bytes, { parse: parsePullEvent, paths: INPUTS })) {
        const batch = events.map(toPullProgress);
        last = batch.at(-1);
        yield batch;
      }
      if (last?.status === "success") return;
      const message = "The server ended the download without saying that it is done.";
      throw new ProviderError({ code: "upstream_stream_interrupted", message, upstreamStatus: 200 });
    },
  };
}

/** A download has none. */
const INPUTS = { text: "prompt", images: "images" };

async function drained(answer: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of answer);
}

/** `/api/generate` loads no embedding model; it does unload one. */
function isEmbedderRefusal(error: unknown): boolean {
  return error instanceof ProviderError && error.code === "unsupported" && error.setting === "model";
}
