import {
  applyMiddleware,
  type CallObserver,
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  type CommittedStream,
  collect,
  commit,
  createRegistry,
  type DeadlineOptions,
  deadlines,
  errorRule,
  type Middleware,
  observe,
  ProviderError,
  type ProviderFactory,
  type ProviderSettings,
  type Warning,
} from "@llamaduct/core";
import { provider as ollamaChat } from "@llamaduct/ollama-chat";
import {
  type ChatCompletion,
  type ChatCompletionRequest,
  type DecodedChatRequest,
  decodeChatRequest,
  type ModelList,
  requestedModel,
  toChatCompletion,
  toModelList,
  toParam,
} from "@llamaduct/openai-dialect";
import { type ChatStream, createChatStream } from "./chat-stream.ts";
import type { Deployment, Target } from "./deployment.ts";
import { listDeployments } from "./list-deployments.ts";
import { resolveModel } from "./resolve-model.ts";

/** The adapters that come along. */
export const DEFAULT_PROVIDERS: readonly ProviderFactory[] = [ollamaChat];

export interface LlamaductOptions {
  /** Default: `DEFAULT_PROVIDERS`. */
  readonly providers?: readonly ProviderFactory[] | undefined;
  /** What clients may ask for. Default: `provider/model` of every provider, and any other name at the first of them. */
  readonly deployments?: readonly Deployment[] | undefined;
  /** Per provider id: how to reach it where a deployment does not say. */
  readonly settings?: Readonly<Record<string, ProviderSettings>> | undefined;
  /** Around every chat model, outermost first. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Default: 300 s to the first part, since a model may have to load, and 120 s between parts. */
  readonly deadlines?: DeadlineOptions | undefined;
  readonly observer?: CallObserver | undefined;
  /** Whether a request may name its own host with `api_base` and `api_key`. Only for callers who own the process. */
  readonly allowApiBase?: boolean | undefined;
}

export interface ChatAnswer {
  /** `provider/model` that answers. */
  readonly model: string;
  /** What was asked for and had no effect; `setting` is the OpenAI field. */
  readonly warnings: readonly Warning[];
  readonly body: ChatCompletion | ChatStream;
}

/** OpenAI's JSON in, OpenAI's JSON out. Every method throws `ProviderError`, or the signal's own reason. */
export interface Llamaduct {
  /** Settles when the answer has begun (streamed) or is whole; until then an error has a status of its own. */
  chat(request: unknown, options?: CallOptions): Promise<ChatAnswer>;
  /** The body of `chat` alone. */
  completion(request: StreamingRequest, options?: CallOptions): Promise<ChatStream>;
  completion(request: WholeRequest, options?: CallOptions): Promise<ChatCompletion>;
  completion(request: ChatCompletionRequest, options?: CallOptions): Promise<ChatCompletion | ChatStream>;
  /** Every name that can be asked for, wildcards filled with what their hosts have. */
  listModels(options?: CallOptions): Promise<ModelList>;
}

export type StreamingRequest = ChatCompletionRequest & { readonly stream: true };
export type WholeRequest = ChatCompletionRequest & { readonly stream?: false | null | undefined };

const DEFAULT_DEADLINES: DeadlineOptions = { firstPartMs: 300_000, idleMs: 120_000 };

/** The engine: composes registry, dialect and middleware. Holds no global state; mistakes in its options throw here. */
export function createLlamaduct(options: LlamaductOptions = {}): Llamaduct {
  const registry = createRegistry(options.providers ?? DEFAULT_PROVIDERS);
  const deployments = options.deployments ?? everything(registry.ids);
  for (const deployment of deployments) checkDeployment(deployment);

  /** A provider that cannot be made is a mistake in the options, not in somebody's first request. */
  function checkDeployment(deployment: Deployment): void {
    const { name, model } = deployment;
    const target = registry.split(model);
    if (target === undefined)
      throw new Error(`Deployment "${name}": "${model}" names none of the providers ${registry.ids.join(", ")}.`);
    try {
      registry.provider(target.providerId, settingsOf(deployment, target.providerId));
    } catch (error) {
      throw new Error(`Deployment "${name}": ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }

  function settingsOf(deployment: Deployment, providerId: string, client: Connection = {}): ProviderSettings {
    if (client.baseURL !== undefined) return client;
    const own = deployment.settings;
    return { ...(own?.baseURL === undefined && options.settings?.[providerId]), ...own, ...client };
  }

  function chatModel({ deployment, providerId, modelId }: Target, client: Connection): ChatModel {
    const provider = registry.provider(providerId, settingsOf(deployment, providerId, client));
    if (provider.chatModel === undefined)
      throw new ProviderError({ code: "unsupported", message: `${providerId} has no chat models.`, setting: "model" });
    return applyMiddleware(provider.chatModel(modelId, deployment.facts), [
      ...(options.observer === undefined ? [] : [observe<ChatRequest>(options.observer)]),
      ...(options.middleware ?? []),
      deadlines({
        ...DEFAULT_DEADLINES,
        ...options.deadlines,
        ...(deployment.timeoutMs !== undefined && { totalMs: deployment.timeoutMs }),
      }),
    ]);
  }

  /** Resolves when the target has begun to answer: until then another one may. */
  async function begin(target: Target, request: object, { client, call }: Caller): Promise<Begun> {
    const decoded = decodeChatRequest({ ...target.deployment.defaults, ...request });
    return { target, decoded, stream: await commit(chatModel(target, client).stream(decoded.request, call)) };
  }

  async function beginWithOneOf(targets: readonly Target[], request: object, caller: Caller): Promise<Begun> {
    let failure: unknown;
    for (const target of targets) {
      try {
        return await begin(target, request, caller);
      } catch (error) {
        if (!(error instanceof ProviderError) || !errorRule(error).failover) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  async function chat(body: unknown, call: CallOptions = {}): Promise<ChatAnswer> {
    const targets = resolveModel(requestedModel(body), deployments, registry);
    // `requestedModel` has proven that the body is an object.
    const { client, request } = splitConnection(body as object, options.allowApiBase === true);
    const { target, decoded, stream } = await beginWithOneOf(targets, request, { client, call });
    const identity = { id: randomId(), created: Math.floor(Date.now() / 1000), model: decoded.model };
    return {
      model: `${target.providerId}/${target.modelId}`,
      warnings: [...decoded.warnings, ...stream.warnings].map(toFieldWarning),
      body: decoded.stream
        ? createChatStream(stream, { ...identity, includeUsage: decoded.includeUsage })
        : toChatCompletion(await collect(stream), identity),
    };
  }

  // The overloads say which body a request's `stream` leads to; the dialect decides it by the same field.
  const completion = (async (request, call) => (await chat(request, call)).body) as Llamaduct["completion"];

  return {
    chat,
    completion,
    async listModels(call) {
      const provider = (deployment: Deployment, id: string) => registry.provider(id, settingsOf(deployment, id));
      return toModelList(await listDeployments({ deployments, registry, provider, call }));
    },
  };
}

/** What a request itself may say of where it goes. */
type Connection = Pick<ProviderSettings, "baseURL" | "apiKey">;

interface Begun {
  readonly target: Target;
  readonly decoded: DecodedChatRequest;
  readonly stream: CommittedStream;
}

interface Caller {
  readonly client: Connection;
  readonly call: CallOptions;
}

/** Any name at the first provider; `provider/model` at that provider. */
function everything(ids: readonly string[]): readonly Deployment[] {
  const anyName = ids.slice(0, 1).map((id) => ({ name: "*", model: `${id}/*` }));
  return [...anyName, ...ids.map((id) => ({ name: `${id}/*`, model: `${id}/*` }))];
}

/** Takes `api_base` and `api_key` out of a request: they say where it goes, not what it asks. */
function splitConnection(body: object, allowed: boolean): { readonly client: Connection; readonly request: object } {
  const { api_base, api_key, ...request } = body as Readonly<Record<string, unknown>>;
  const read = (name: string, value: unknown): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (!allowed) throw invalid(name, `A request may not set ${name} here.`);
    if (typeof value !== "string") throw invalid(name, `${name} must be a string.`);
    return value;
  };
  const [baseURL, apiKey] = [read("api_base", api_base), read("api_key", api_key)];
  return { client: { ...(baseURL !== undefined && { baseURL }), ...(apiKey !== undefined && { apiKey }) }, request };
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}

function toFieldWarning({ setting, message }: Warning): Warning {
  return { setting: toParam(setting) ?? setting, message };
}

function randomId(): string {
  return `chatcmpl-${crypto.randomUUID().replaceAll("-", "")}`;
}
