import {
  applyMiddleware,
  type CallObserver,
  type CallOptions,
  type ChatRequest,
  type DeadlineOptions,
  deadlines,
  type EmbeddingModel,
  type Middleware,
  observe,
  type Provider,
  ProviderError,
  type StreamModel,
  type TextRequest,
  type Warning,
} from "@llamaduct/core";
import { createImageReader, type ImageReaderOptions } from "@llamaduct/images";
import { jsonToolCalls, recoverToolCalls } from "@llamaduct/json-tool-calls";
import { requestedModel, toParam } from "@llamaduct/openai-dialect";
import { reasoningTags } from "@llamaduct/reasoning-tags";
import { structuredOutput } from "@llamaduct/structured-output";
import { type Connection, splitConnection } from "./connection.ts";
import { createRouter, type Router, type RouterOptions, withOneOf } from "./create-router.ts";
import type { Target } from "./deployment.ts";
import { inlineImages } from "./inline-images.ts";
import type { Attempt } from "./llamaduct-call.ts";

export interface EngineOptions extends RouterOptions {
  readonly middleware?: readonly Middleware[] | undefined;
  readonly deadlines?: DeadlineOptions | undefined;
  readonly observer?: CallObserver | undefined;
  readonly images?: ImageReaderOptions | undefined;
  readonly allowApiBase?: boolean | undefined;
}

/** What every kind of work needs: where a request goes, and the layers around a model. */
export interface Engine {
  readonly router: Router;
  readonly observer: CallObserver | undefined;
  /** The limits for a deployment. */
  limits(target: Target): DeadlineOptions;
  /** Hands a request, its images read and a deployment's defaults under it, to one target after the other until one begins. */
  ask<Begun>(body: unknown, call: CallOptions, begin: (asked: Asked) => Promise<Begun>): Promise<Begun>;
  chatModel(asked: Asked): StreamModel<ChatRequest>;
  textModel(asked: Asked): StreamModel<TextRequest>;
  embeddingModel(asked: Asked): EmbeddingModel;
}

/** A request at one target. */
export interface Asked {
  readonly target: Target;
  readonly provider: Provider;
  readonly request: object;
  /** Of what was pinned. */
  readonly warnings: readonly Warning[];
  readonly call: CallOptions;
}

const DEFAULT_DEADLINES: DeadlineOptions = { firstPartMs: 300_000, idleMs: 120_000 };

export function createEngine(options: EngineOptions): Engine {
  const router = createRouter(options);
  const images = createImageReader(options.images);
  // Made once: they keep the schemas they have compiled.
  const structured = structuredOutput();
  const structuredText = structuredOutput<TextRequest>();
  /** One per provider instance, which is one host: it remembers which models there have refused tools. */
  const toolCalls = new WeakMap<Provider, Middleware>();
  const observed = <Request>(): Middleware<Request>[] =>
    options.observer === undefined ? [] : [observe<Request>(options.observer)];

  function limits({ deployment: { timeoutMs } }: Target): DeadlineOptions {
    return { ...DEFAULT_DEADLINES, ...options.deadlines, ...(timeoutMs !== undefined && { totalMs: timeoutMs }) };
  }

  function toolCallsOf(provider: Provider): Middleware {
    const layer = toolCalls.get(provider) ?? jsonToolCalls();
    toolCalls.set(provider, layer);
    return layer;
  }

  function missing(what: string, { target }: Asked): ProviderError {
    const message = `${target.providerId} has no ${what}.`;
    return new ProviderError({ code: "unsupported", message, setting: "model" });
  }

  return {
    router,
    observer: options.observer,
    limits,
    async ask(body, call, begin) {
      const targets = router.resolve(requestedModel(body));
      // `requestedModel` has proven that the body is an object.
      const { connection, request } = splitConnection(body as object, options.allowApiBase === true);
      const withImages = await inlineImages(request, images, call.signal);
      return withOneOf(targets, (target) => begin(toAsked(target, { connection, request: withImages, call })));
    },
    chatModel(asked) {
      const { target, provider } = asked;
      if (provider.chatModel === undefined) throw missing("chat models", asked);
      return applyMiddleware(provider.chatModel(target.modelId, target.deployment.facts), [
        ...observed<ChatRequest>(),
        ...(options.middleware ?? []),
        structured,
        toolCallsOf(provider),
        recoverToolCalls(),
        reasoningTags(),
        deadlines(limits(target)),
      ]);
    },
    textModel(asked) {
      const { target, provider } = asked;
      if (provider.textModel === undefined) throw missing("text completions", asked);
      return applyMiddleware(provider.textModel(target.modelId, target.deployment.facts), [
        ...observed<TextRequest>(),
        structuredText,
        reasoningTags<TextRequest>(),
        deadlines(limits(target)),
      ]);
    },
    embeddingModel(asked) {
      const { target, provider } = asked;
      if (provider.embeddingModel === undefined) throw missing("embeddings", asked);
      return provider.embeddingModel(target.modelId, target.deployment.facts);
    },
  };

  interface Sent {
    readonly connection: Connection;
    readonly request: object;
    readonly call: CallOptions;
  }

  function toAsked(target: Target, { connection, request, call }: Sent): Asked {
    const { deployment, providerId } = target;
    const provider = router.provider(deployment, providerId, connection);
    const { defaults, pinned = {} } = deployment;
    // Options of a model runner may come nested, and say the same.
    const asked: Readonly<Record<string, unknown>> = {
      ...("options" in request && (request.options as object)),
      ...request,
    };
    const changed = Object.keys(pinned).filter((name) => asked[name] !== undefined && asked[name] !== pinned[name]);
    const warnings = changed.map((name) => ({ setting: name, message: `${name} is fixed for this model.` }));
    return { target, provider, request: { ...defaults, ...request, ...pinned }, warnings, call };
  }
}

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
  { target, warnings: pinned }: Asked,
  ...warnings: readonly (readonly Warning[])[]
): AnswerFacts {
  // Several choices are warned of the same things.
  const told = new Map<string, Warning>();
  for (const { setting, message } of [...pinned, ...warnings.flat()])
    told.set(`${setting} ${message}`, { setting: toParam(setting) ?? setting, message });
  return { model: `${target.providerId}/${target.modelId}`, warnings: [...told.values()] };
}

/** Id and time of one answer. */
export function toIdentity(prefix: "chatcmpl" | "cmpl"): { readonly id: string; readonly created: number } {
  const id = `${prefix}-${crypto.randomUUID().replaceAll("-", "")}`;
  return { id, created: Math.floor(Date.now() / 1000) };
}
