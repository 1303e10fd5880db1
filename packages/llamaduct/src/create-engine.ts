import {
  applyMiddleware,
  type CallObserver,
  type ChatRequest,
  type DeadlineOptions,
  deadlines,
  type EmbeddingModel,
  type Middleware,
  type ModelFacts,
  observe,
  ProviderError,
  type StreamModel,
  type TextRequest,
  type Warning,
} from "@llamaduct/core";
import type { ImageReaderOptions } from "@llamaduct/images";
import { toParam } from "@llamaduct/openai-dialect/chat";
import { type Ask, type Asked, type AskOptions, createAsk } from "./create-ask.ts";
import { createDirectory, type Directory, type DirectoryOptions } from "./create-directory.ts";
import { createLayers } from "./create-layers.ts";
import type { Target } from "./deployment.ts";
import { createInlineImages } from "./inline-images.ts";
import { later } from "./later.ts";
import type { Attempt } from "./llamaduct-call.ts";
import { mockModel } from "./mock-model.ts";
import { type ModelEntry, toModelFacts } from "./model-entry.ts";

export interface EngineOptions
  extends Omit<DirectoryOptions, "routingGroups">,
    Omit<AskOptions, "directory" | "inlineImages"> {
  readonly models?: Readonly<Record<string, ModelEntry>> | undefined;
  readonly middleware?: readonly Middleware[] | undefined;
  readonly recoverToolCalls?: boolean | undefined;
  readonly deadlines?: DeadlineOptions | undefined;
  readonly observer?: CallObserver | undefined;
  readonly images?: ImageReaderOptions | undefined;
}

/** What every kind of work needs: where a request goes, and the layers around a model. */
export interface Engine extends Ask {
  readonly directory: Directory;
  readonly observer: CallObserver | undefined;
  /** The limits of a request at its target. */
  limits(asked: Asked): DeadlineOptions;
  /** What the application says of a target's model: the deployment's word, then that about the model. */
  facts(target: Target): ModelFacts;
  /** With the layers that this request needs. */
  chatModel(asked: Asked, request: ChatRequest): Promise<StreamModel<ChatRequest>>;
  textModel(asked: Asked, request: Omit<TextRequest, "prompt">): Promise<StreamModel<TextRequest>>;
  embeddingModel(asked: Asked): EmbeddingModel;
}

/** Loaded by the first request with a limit. */
const limiting = later(() => import("./token-limit.ts"));

const DEFAULT_DEADLINES: DeadlineOptions = { firstPartMs: 300_000, idleMs: 120_000 };

export function createEngine(options: EngineOptions): Engine {
  const directory = createDirectory({ ...options, routingGroups: options.routing?.routingGroups });
  const ask = createAsk({ ...options, directory, inlineImages: createInlineImages(options.images) });
  const layers = createLayers(options);
  const observed = <Request>({ call }: Asked): Middleware<Request>[] =>
    [options.observer, call.observer].flatMap((observer) =>
      observer === undefined ? [] : [observe<Request>(observer)],
    );

  function limits({ target: { deployment }, request, call }: Asked): DeadlineOptions {
    const totalMs = call.timeoutMs ?? deployment.timeoutMs;
    const isStreamed = "stream" in request && request.stream === true;
    const firstPartMs = isStreamed ? (call.streamTimeoutMs ?? deployment.streamTimeoutMs) : undefined;
    const usual = { ...DEFAULT_DEADLINES, ...options.deadlines };
    // Who gives an answer ten minutes gives them to a model that has to be loaded for it.
    const isEnough = totalMs !== undefined && totalMs > (usual.firstPartMs ?? 0);
    return {
      ...usual,
      ...(isEnough && { firstPartMs: undefined }),
      ...(firstPartMs !== undefined && { firstPartMs }),
      ...(totalMs !== undefined && { totalMs }),
    };
  }

  const { models = {} } = options;
  for (const [model, entry] of Object.entries(models)) toModelFacts(model, entry);

  /** Read anew every time: the default instance's models may be added to. */
  function facts({ deployment, providerId, modelId }: Target): ModelFacts {
    const names = [modelId, `${providerId}/${modelId}`].filter((name) => Object.hasOwn(models, name));
    const said = [...names.map((name) => toModelFacts(name, models[name] ?? {})), deployment.facts ?? {}];
    const capabilities = Object.assign({}, ...said.map((each) => each.capabilities));
    return Object.assign({}, ...said, { capabilities });
  }

  /** A model, whose provider may throw whatever it likes. */
  function made<Model>(target: Target, make: (modelId: string, facts: ModelFacts) => Model): Model {
    const { providerId, modelId } = target;
    const known = facts(target);
    try {
      return make(modelId, known);
    } catch (cause) {
      if (cause instanceof ProviderError) throw cause;
      const message = `The adapter of ${providerId}/${modelId} could not make the model.`;
      throw new ProviderError({ code: "provider_error", message, provider: providerId, modelId, cause });
    }
  }

  function missing(what: string, { target }: Asked): ProviderError {
    const message = `${target.providerId} has no ${what}.`;
    return new ProviderError({ code: "unsupported", message, setting: "model" });
  }

  function noVectors(): ProviderError {
    const message = "A mocked answer is text: it has no embeddings.";
    return new ProviderError({ code: "unsupported", message, setting: "mock_response" });
  }

  return {
    directory,
    observer: options.observer,
    limits,
    facts,
    ...ask,
    async load() {
      await Promise.all([ask.load(), layers.load(), limiting()]);
    },
    async chatModel(asked, request) {
      const { target, provider, mockText } = asked;
      if (mockText !== undefined) return applyMiddleware(mockModel(target, mockText), observed<ChatRequest>(asked));
      if (provider.chatModel === undefined) throw missing("chat models", asked);
      const model = applyMiddleware(made(target, provider.chatModel), [
        ...(await tokenLimits<ChatRequest>(request)),
        deadlines(limits(asked)),
      ]);
      return applyMiddleware(asked.slotted(model), [
        ...observed<ChatRequest>(asked),
        ...(await layers.ofChat(request, provider)),
      ]);
    },
    async textModel(asked, request) {
      const { target, provider, mockText } = asked;
      if (mockText !== undefined) return applyMiddleware(mockModel(target, mockText), observed<TextRequest>(asked));
      if (provider.textModel === undefined) throw missing("text completions", asked);
      const model = applyMiddleware(made(target, provider.textModel), [
        ...(await tokenLimits<TextRequest>(request)),
        deadlines(limits(asked)),
      ]);
      return applyMiddleware(asked.slotted(model), [
        ...observed<TextRequest>(asked),
        ...(await layers.ofText(request)),
      ]);
    },
    embeddingModel(asked) {
      const { target, provider, mockText } = asked;
      if (mockText !== undefined) throw noVectors();
      if (provider.embeddingModel === undefined) throw missing("embeddings", asked);
      return made(target, provider.embeddingModel);
    },
  };
}

async function tokenLimits<Request extends Limited>({ settings }: Limited): Promise<readonly Middleware<Request>[]> {
  return settings?.maxOutputTokens ? [(await limiting()).tokenLimit()] : [];
}

type Limited = Pick<ChatRequest, "settings">;

/** What is told beside an answer. */
export interface AnswerFacts {
  /** The last attempt: the one that answers. */
  readonly attempt?: Attempt | undefined;
  /** `provider/model` that answers. */
  readonly model: string;
  /** What was asked for and had no effect; `setting` is the OpenAI field. */
  readonly warnings: readonly Warning[];
}

export function toAnswerFacts(
  { target, attempt, warnings: pinned }: Asked,
  ...warnings: readonly (readonly Warning[])[]
): AnswerFacts {
  // Several choices are warned of the same things.
  const told = new Map<string, Warning>();
  for (const { setting, message } of [...pinned, ...warnings.flat()])
    told.set(`${setting} ${message}`, { setting: toParam(setting) ?? setting, message });
  return { attempt, model: `${target.providerId}/${target.modelId}`, warnings: [...told.values()] };
}

/** Id and time of one answer. */
export function toIdentity(prefix: "chatcmpl" | "cmpl"): { readonly id: string; readonly created: number } {
  const id = `${prefix}-${crypto.randomUUID().replaceAll("-", "")}`;
  return { id, created: Math.floor(Date.now() / 1000) };
}
