import type {
  CallObserver,
  DeadlineOptions,
  JsonObject,
  Middleware,
  ProviderFactory,
  ProviderSettings,
} from "@llamaduct/core";
import type { ImageReaderOptions } from "@llamaduct/images";
import { provider as ollamaChat } from "@llamaduct/ollama-chat";
import { provider as ollamaGenerate } from "@llamaduct/ollama-generate";
import { provider as openaiCompatible } from "@llamaduct/openai-compatible";
import type { CreateEmbeddingRequest, EmbeddingList, ListedModel, ModelList } from "@llamaduct/openai-dialect";
import type { LimitStore, RoutingOptions, SharedState } from "@llamaduct/router";
import { type ChatAnswer, chat } from "./chat.ts";
import { createCompleter, type Work } from "./complete.ts";
import type { TextAnswer } from "./complete-text.ts";
import type { CallParams, Completer, TextCompleter } from "./completion-request.ts";
import { createEngine } from "./create-engine.ts";
import type { Deployment } from "./deployment.ts";
import { dialect } from "./dialect.ts";
import type { EmbeddingAnswer } from "./embed.ts";
import { later } from "./later.ts";
import type { DescribedModel } from "./list-models.ts";
import type { DeploymentState, LlamaductCall } from "./llamaduct-call.ts";
import type { ModelEntry } from "./model-entry.ts";
import { once } from "./once.ts";

/** The adapters that come along: `/api/chat` and `/api/generate` of Ollama servers, and OpenAI's API of any server. */
export const DEFAULT_PROVIDERS: readonly ProviderFactory[] = [ollamaChat, ollamaGenerate, openaiCompatible];

export interface LlamaductOptions {
  /** Default: `DEFAULT_PROVIDERS`. */
  readonly providers?: readonly ProviderFactory[] | undefined;
  /** What clients may ask for. Default: `provider/model` of every provider, and any other name at the first of them. */
  readonly deployments?: readonly Deployment[] | undefined;
  /** Other names for groups, deployments or models. A hidden one is not listed. */
  readonly aliases?: Readonly<Record<string, Alias>> | undefined;
  readonly routing?: RoutingOptions | undefined;
  /** Counters of rate limits. Default: this process alone. */
  readonly limits?: LimitStore | undefined;
  /** What several processes tell each other of deployments. Default: nothing. */
  readonly shared?: SharedState | undefined;
  /** Per provider id: how to reach it where a deployment does not say. */
  readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
  /** What the application says of models, by `provider/model`, or by the name alone for every provider's. */
  readonly models?: Readonly<Record<string, ModelEntry>> | undefined;
  /** OpenAI's JSON, under every request and under what a deployment says. */
  readonly defaults?: JsonObject | undefined;
  /** Around every chat model, outermost first. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Whether text that turns out to be a tool call becomes one. Default: true. */
  readonly recoverToolCalls?: boolean | undefined;
  /** Default: 300 s to the first part, since a model may have to load, and 120 s between parts. */
  readonly deadlines?: DeadlineOptions | undefined;
  readonly observer?: CallObserver | undefined;
  /** How images are read. Default: no URLs are fetched. */
  readonly images?: ImageReaderOptions | undefined;
  /** Whether a request may name its own host with `api_base` and `api_key`. Only for callers who own the process. */
  readonly allowApiBase?: boolean | undefined;
  /**
   * Whether a wildcard may lead to a model that an Ollama server hands on to ollama.com, prompt and all: `name:cloud`,
   * `name:tag-cloud`. A deployment that names one may always. Default: true.
   */
  readonly cloudModels?: boolean | undefined;
}

export interface Alias {
  readonly model: string;
  readonly hidden?: boolean | undefined;
}

/** OpenAI's JSON in, OpenAI's JSON out. Every method throws `ProviderError`, or the signal's own reason. */
export interface Llamaduct {
  /** Settles when the answer has begun (streamed) or is whole; until then an error has a status of its own. */
  chat(request: unknown, options?: LlamaductCall): Promise<ChatAnswer>;
  /** As `chat`, for `prompt` in place of `messages`. */
  text(request: unknown, options?: LlamaductCall): Promise<TextAnswer>;
  embed(request: unknown, options?: LlamaductCall): Promise<EmbeddingAnswer>;
  /** The body of `chat` alone, or of `text` for a `prompt`; its errors are `APIError`s as well. */
  readonly completion: Completer;
  readonly textCompletion: TextCompleter;
  embedding(request: CreateEmbeddingRequest & CallParams, options?: LlamaductCall): Promise<EmbeddingList>;
  /** Every name that can be asked for, wildcards filled with what their hosts have. The same object until that changes. */
  listModels(options?: LlamaductCall): Promise<ModelList>;
  /** The same names with who answers and what is known of them. */
  describeModels(options?: LlamaductCall): Promise<readonly DescribedModel[]>;
  /** One of them, or any other name that a request may use. Throws `model_not_found`. */
  retrieveModel(model: string, options?: LlamaductCall): Promise<ListedModel>;
  /**
   * Loads what is otherwise loaded by the first request that needs it: for servers, where no request is to wait. Throws an
   * `Error` for mistakes in `routing`, which every request would throw otherwise.
   */
  ready(): Promise<void>;
  /** How every deployment is, from memory. With neither `deployments` nor `routing` nothing is counted before a failure. */
  states(): readonly DeploymentState[];
  /** Stops watching hosts; calls that are under way go on. */
  close(): void;
}

const besideChat = later(() => import("./beside-chat.ts"));

/**
 * The engine: composes registry, dialect and middleware. Holds no global state; mistakes in its options throw here, those in
 * `routing` from `ready()`.
 */
export function createLlamaduct(options: LlamaductOptions = {}): Llamaduct {
  const { providers = DEFAULT_PROVIDERS, deployments, routing = deployments && {} } = options;
  const engine = createEngine({ ...options, providers, routing });
  const work: Work = {
    chat: (request, call = {}) => chat(engine, request, call),
    text: async (request, call = {}) => (await besideChat()).completeText(engine, request, call),
    embed: async (request, call = {}) => (await besideChat()).embed(engine, request, call),
  };
  const lister = once(async () => (await besideChat()).createModelLister(engine));
  return {
    ...work,
    ...createCompleter(work),
    listModels: async (call = {}) => (await lister())(call),
    describeModels: async (call = {}) => (await besideChat()).describeModels(engine, call),
    retrieveModel: async (model, call = {}) => (await besideChat()).retrieveModel(engine, model, call),
    async ready() {
      await Promise.all([engine.load(), dialect(), besideChat()]);
    },
    states: engine.states,
    close: engine.close,
  };
}
