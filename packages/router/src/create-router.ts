import {
  type CallOptions,
  type Capabilities,
  type ChatRequest,
  commit,
  defineProvider,
  type EmbeddingModel,
  type ModelFacts,
  type ModelInfo,
  type Provider,
  ProviderError,
  SPEC_VERSION,
  type StreamModel,
  type TextRequest,
} from "@llamaduct/core";
import type { BalancedRequest } from "./balanced-request.ts";
import type { Clock } from "./clock.ts";
import { createBalancer, type Group } from "./create-balancer.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import type { LimitStore } from "./limit-store.ts";
import type { Candidate, Member } from "./member.ts";
import type { MemberState } from "./member-state.ts";
import { routedStream } from "./routed-stream.ts";
import type { DeploymentRouting, RoutingOptions } from "./routing-options.ts";
import type { SharedState } from "./shared-state.ts";
import { toConversation } from "./to-conversation.ts";

export interface RouterOptions {
  /** Default: `router`. */
  readonly id?: string | undefined;
  readonly deployments: readonly RoutedDeployment[];
  readonly routing?: RoutingOptions | undefined;
  /** Counters of enforced `rpm` and `tpm`. Default: this process alone. */
  readonly limits?: LimitStore | undefined;
  readonly shared?: SharedState | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** One of the providers that answer. Those of one provider object are on one host. */
export interface RoutedDeployment {
  readonly provider: Provider;
  /** The router's model. Equal names form a group. Default: every model that the provider has, by its own name. */
  readonly name?: string | undefined;
  /** The model at the provider. Default: the name that is asked for. */
  readonly modelId?: string | undefined;
  /** Default: its place among the deployments. */
  readonly id?: string | undefined;
  /** The longest request that it takes, tokens; for `preCallChecks`. */
  readonly contextLength?: number | undefined;
  readonly routing?: DeploymentRouting | undefined;
}

export interface Router extends Provider {
  /** How every deployment is, from memory. */
  states(): readonly MemberState[];
  /** Stops watching hosts; calls that are under way go on. */
  close(): void;
}

interface Routed extends Member {
  readonly deployment: RoutedDeployment;
}

/**
 * Several providers as one. A request goes to whom the strategy picks, and on to another one as long as nothing has been
 * answered; from then on the stream is that provider's own.
 */
export function createRouter(options: RouterOptions): Router {
  const { id = "router", deployments, routing, limits, shared, clock, random } = options;
  const hosts = new Map<Provider, string>();
  const members = deployments.map(toMember);
  const named = Map.groupBy(members, ({ deployment }) => deployment.name);
  const balancer = createBalancer({ members, resolve, options: routing, limits, shared, clock, random });

  function toMember(deployment: RoutedDeployment, index: number): Routed {
    const { provider, name = "*", contextLength } = deployment;
    const host = hosts.get(provider) ?? `${provider.id} ${hosts.size}`;
    hosts.set(provider, host);
    const status = provider.status?.bind(provider);
    return {
      id: deployment.id ?? String(index),
      group: name,
      host,
      routing: deployment.routing,
      contextLength,
      status,
      deployment,
    };
  }

  function resolve(name: string): Group<Routed> {
    const group = named.get(name) ?? named.get(undefined) ?? [];
    if (group.length === 0) throw notFound(name);
    return { name, candidates: group.map((member) => ({ member, modelId: member.deployment.modelId ?? name })) };
  }

  type Kind = "chatModel" | "textModel" | "embeddingModel";

  /** What every kind of request tells the balancer. */
  function routed(kind: Kind, model: string, call: CallOptions | undefined): BalancedRequest<Routed> {
    const { signal, headers } = call ?? {};
    return { model, signal, headers, fits: ({ member }) => member.deployment.provider[kind] !== undefined };
  }

  function capabilities(name: string, of: (candidate: Candidate<Routed>) => Capabilities | undefined): Capabilities {
    const all = resolve(name).candidates.flatMap((candidate) => of(candidate) ?? []);
    const common = (key: keyof Capabilities) => {
      const [first = "unknown", ...others] = new Set(all.map((each) => each[key]));
      return others.length === 0 ? first : "unknown";
    };
    return {
      tools: common("tools"),
      jsonSchema: common("jsonSchema"),
      reasoning: common("reasoning"),
      images: common("images"),
      suffix: common("suffix"),
      embeddings: common("embeddings"),
    };
  }

  interface StreamKind<Request> {
    readonly kind: "chatModel" | "textModel";
    model(candidate: Candidate<Routed>): StreamModel<Request> | undefined;
    facts(request: Request): Pick<BalancedRequest<Routed>, "tokens" | "conversation">;
  }

  function streamModel<Request>(modelId: string, { kind, model, facts }: StreamKind<Request>): StreamModel<Request> {
    return {
      provider: id,
      modelId,
      capabilities: () => capabilities(modelId, (candidate) => model(candidate)?.capabilities()),
      stream: (request, call) =>
        routedStream(call, (call) =>
          balancer.run({ ...routed(kind, modelId, call), ...facts(request) }, ({ candidate, layer }) => {
            const own = model(candidate) ?? missing(candidate, kind);
            return commit(layer<Request>()(own).stream(request, call));
          }),
        ),
    };
  }

  function chatModel(modelId: string, facts?: ModelFacts): StreamModel<ChatRequest> {
    return streamModel<ChatRequest>(modelId, {
      kind: "chatModel",
      model: ({ member, modelId }) => member.deployment.provider.chatModel?.(modelId, facts),
      facts: ({ messages }) => ({
        tokens: () => estimateTokens(messages),
        conversation: () => toConversation(messages),
      }),
    });
  }

  function textModel(modelId: string, facts?: ModelFacts): StreamModel<TextRequest> {
    return streamModel<TextRequest>(modelId, {
      kind: "textModel",
      model: ({ member, modelId }) => member.deployment.provider.textModel?.(modelId, facts),
      facts: ({ prompt }) => ({ tokens: () => estimateTokens(prompt) }),
    });
  }

  function embeddingModel(modelId: string, facts?: ModelFacts): EmbeddingModel {
    return {
      provider: id,
      modelId,
      embed: (request, call) =>
        balancer.run(
          { ...routed("embeddingModel", modelId, call), tokens: () => estimateTokens(request.input) },
          ({ candidate, hold }) => {
            const { provider } = candidate.member.deployment;
            const model = provider.embeddingModel?.(candidate.modelId, facts) ?? missing(candidate, "embeddingModel");
            return hold(call?.signal, () => model.embed(request, call));
          },
        ),
    };
  }

  /** Every host's models, from memory where it has been heard of; one that does not answer hides none of the others. */
  async function listModels(call?: CallOptions): Promise<readonly ModelInfo[]> {
    const lists = await Promise.allSettled(members.map((member) => listMember(member, call)));
    call?.signal?.throwIfAborted();
    const models = new Map<string, ModelInfo>();
    for (const list of lists)
      if (list.status === "fulfilled") for (const info of list.value) models.set(info.id, models.get(info.id) ?? info);
    const failure = lists.find(({ status }) => status === "rejected");
    if (models.size === 0 && failure?.status === "rejected") throw failure.reason;
    return [...models.values()];
  }

  async function listMember(member: Routed, call: CallOptions | undefined): Promise<readonly ModelInfo[]> {
    const { name, provider } = member.deployment;
    if (name === undefined) return balancer.inventory(member.id) ?? (await provider.listModels?.(call)) ?? [];
    return [{ id: name, capabilities: chatModel(name).capabilities() }];
  }

  async function describe(modelId: string, call?: CallOptions): Promise<ModelInfo | undefined> {
    for (const { member, modelId: own } of resolve(modelId).candidates) {
      const info = await member.deployment.provider.describe?.(own, call);
      if (info !== undefined) return { ...info, id: modelId };
    }
    return undefined;
  }

  const has = (kind: Kind) => deployments.some(({ provider }) => provider[kind] !== undefined);
  const provider = defineProvider({
    specVersion: SPEC_VERSION,
    id,
    settings: [...new Set(deployments.flatMap(({ provider }) => provider.settings))],
    ...(has("chatModel") && { chatModel }),
    ...(has("textModel") && { textModel }),
    ...(has("embeddingModel") && { embeddingModel }),
    listModels,
    describe,
  });
  return { ...provider, states: balancer.states, close: balancer.close };
}

function notFound(name: string): ProviderError {
  const message = `There is no model "${name.slice(0, 100)}" here.`;
  return new ProviderError({ code: "model_not_found", message, setting: "model" });
}

function missing({ member }: Candidate<Routed>, kind: string): never {
  const message = `${member.deployment.provider.id} has no ${kind}.`;
  throw new ProviderError({ code: "unsupported", message, setting: "model" });
}
