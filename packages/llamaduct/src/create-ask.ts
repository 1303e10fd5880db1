import type { ModelInfo, Provider, StreamModel, Warning } from "@llamaduct/core";
import type { BalancedAttempt, Group, LimitStore, MemberState, RoutingOptions, SharedState } from "@llamaduct/router";
import { type Connection, splitConnection } from "./connection.ts";
import type { Directory } from "./create-directory.ts";
import { createRouting, type RoutedRequest } from "./create-routing.ts";
import type { Target } from "./deployment.ts";
import { dialect } from "./dialect.ts";
import type { InlineImages } from "./inline-images.ts";
import { later } from "./later.ts";
import type { Attempt, DeploymentState, LlamaductCall } from "./llamaduct-call.ts";
import { publicURL } from "./public-url.ts";
import { resolved } from "./resolved.ts";
import { saysHowToRoute } from "./routing-fields.ts";
import type { RoutingExtras, SplitRouting } from "./split-routing.ts";
import { askedContextLength, toAskedRequest } from "./to-asked-request.ts";
import { type EngineMember, toMembers } from "./to-members.ts";

export interface AskOptions {
  readonly directory: Directory;
  readonly inlineImages: InlineImages;
  readonly routing?: RoutingOptions | undefined;
  readonly limits?: LimitStore | undefined;
  readonly shared?: SharedState | undefined;
  readonly allowApiBase?: boolean | undefined;
}

/** A request at one target. */
export interface Asked {
  readonly target: Target;
  readonly provider: Provider;
  readonly request: object;
  readonly warnings: readonly Warning[];
  /** With what the body says in its place where the call says nothing. */
  readonly call: LlamaductCall;
  readonly attempt: Attempt;
  /** Answered with this text; nobody is asked. */
  readonly mockText: string | undefined;
  /** A deployment's model with its deadlines, waiting for a slot first and holding it to the end. */
  slotted<Request>(model: StreamModel<Request>): StreamModel<Request>;
  /** The same for what has no stream. */
  readonly hold: BalancedAttempt<EngineMember>["hold"];
}

export interface Ask {
  /** Hands a request, its images read and a deployment's defaults under it, to one target after the other until `begin` resolves. */
  ask<Begun>(body: unknown, call: LlamaductCall, begin: (asked: Asked) => Promise<Begun>): Promise<Begun>;
  states(): readonly DeploymentState[];
  /** What a deployment's host has, from memory; `undefined`: it never told. */
  inventory(deploymentId: string): readonly ModelInfo[] | undefined;
  /** Begins to watch hosts. Throws an `Error` for mistakes in how requests are to be routed. */
  load(): Promise<unknown>;
  close(): void;
}

/** Brings requests to deployments: who is asked, in what order, and with what. */
export function createAsk(options: AskOptions): Ask {
  const { directory, inlineImages, routing: routingOptions, limits, shared, allowApiBase = false } = options;
  const members = toMembers(directory);
  const memberOf = new Map(members.map((member) => [member.id, member]));
  const groups = new Map<string, Group<EngineMember>>();
  const routing = createRouting({ members, resolve, options: routingOptions, limits, shared });

  /** A name leads to the same deployments every time. A request asks here, and so does the router for it. */
  function resolve(name: string): Group<EngineMember> {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const { group, targets } = directory.resolve(name);
    const candidates = targets.flatMap(({ deployment, modelId }) => {
      const member = deployment.id === undefined ? undefined : memberOf.get(deployment.id);
      return member === undefined ? [] : [{ member, modelId }];
    });
    // Callers choose the names.
    if (groups.size >= MAX_GROUPS) groups.clear();
    const resolved = { name: group, candidates };
    groups.set(name, resolved);
    return resolved;
  }

  async function ask<Begun>(
    body: unknown,
    call: LlamaductCall,
    begin: (asked: Asked) => Promise<Begun>,
  ): Promise<Begun> {
    const model = plainModel(body) ?? (await dialect()).requestedModel(body);
    const { candidates } = groups.get(model) ?? (await resolved(() => resolve(model), model, directory));
    const known = candidates.map(({ member }) => member.apiBase);
    const allowed = candidates.map(({ member }) =>
      allowApiBase ? ANYWHERE : (member.deployment.clientConnection ?? {}),
    );
    // What names a model is an object.
    const { connection, request: asked, ...split } = splitConnection(body as object, { allowed, known });
    const { extras, request: bare, ...routed } = await splitRouting(asked);
    const request = await inlineImages(bare, call.signal);
    const sent: Sent = {
      model,
      request,
      connection,
      extras,
      call: {
        ...call,
        timeoutMs: call.timeoutMs ?? extras.timeoutMs,
        streamTimeoutMs: call.streamTimeoutMs ?? extras.streamTimeoutMs,
      },
      warnings: [...split.warnings, ...routed.warnings],
    };
    if (connection.baseURL !== undefined) return begin(elsewhere(connection.baseURL, sent));
    let isMirrored = false;
    return routing.run(toFacts(sent), async (attempt) => {
      const asked = begun(atMember(attempt, sent));
      const { silentModel } = asked.target.deployment;
      if (silentModel !== undefined && !isMirrored) mirror(silentModel, sent, begin);
      isMirrored ||= silentModel !== undefined;
      const { mock } = extras;
      if (mock?.kind === "failure" && attempt.fallbacks === 0) throw mock.error();
      return begin(asked);
    });
  }

  /** The same request whole to another group, whose answer nobody reads and whose failure nobody hears of. */
  function mirror(model: string, sent: Sent, begin: (asked: Asked) => Promise<unknown>): void {
    const { tags, caller } = sent.call;
    const request = { ...sent.request, stream: false, stream_options: undefined };
    const extras = { ...sent.extras, fallbacks: [], mock: undefined };
    const copy: Sent = { ...sent, model, request, extras, call: { tags, caller } };
    routing.run(toFacts(copy), (attempt) => begin(atMember(attempt, copy))).catch(() => {});
  }

  function toFacts({ model, request, call, extras }: Sent): RoutedRequest {
    const retries = call.retries ?? extras.retries;
    return {
      model,
      signal: call.signal,
      headers: call.requestHeaders,
      caller: call.caller,
      tags: call.tags ?? extras.tags,
      session: call.session ?? extras.session,
      retries,
      fallbacks: extras.fallbacks?.map(({ model }) => model),
      body: request,
      isSpecial: retries !== undefined || extras.fallbacks !== undefined || extras.mock !== undefined,
      contextLength: ({ member }) => askedContextLength(request, member.deployment),
    };
  }

  function toAsked(
    attempt: Omit<BalancedAttempt<EngineMember>, "layer" | "hold">,
    sent: Sent,
  ): Omit<Asked, "slotted" | "hold"> {
    const { candidate, group, attempts, fallbacks, model } = attempt;
    const { deployment, providerId, apiBase } = candidate.member;
    const { mock, fallbacks: alternatives } = sent.extras;
    const changes = fallbacks > 0 ? alternatives?.find((each) => each.model === model)?.changes : undefined;
    const { request, warnings } = toAskedRequest({ ...sent.request, ...changes }, deployment);
    return {
      target: { deployment, providerId, modelId: candidate.modelId },
      provider: directory.provider(deployment, providerId, sent.connection),
      request,
      warnings: [...sent.warnings, ...warnings],
      call: sent.call,
      attempt: {
        group,
        requestedGroup: resolve(sent.model).name,
        deploymentId: deployment.id,
        model: `${providerId}/${candidate.modelId}`,
        apiBase,
        attempts,
        fallbacks,
      },
      mockText: mock?.kind === "text" ? mock.text : deployment.mockResponse,
    };
  }

  function atMember(attempt: BalancedAttempt<EngineMember>, sent: Sent): Asked {
    const { layer, hold } = attempt;
    return { ...toAsked(attempt, sent), slotted: (model) => layer()(model), hold };
  }

  /** A host of the request's own is no member's: it is asked once, and nothing is remembered of it. */
  function elsewhere(baseURL: string, sent: Sent): Asked {
    const { name: group, candidates } = resolve(sent.model);
    const [candidate] = candidates;
    if (candidate === undefined) throw new RangeError("A name leads to at least one deployment.");
    const asked = toAsked({ candidate, group, model: sent.model, attempts: 1, fallbacks: 0 }, sent);
    const attempt = { ...asked.attempt, apiBase: publicURL(baseURL) };
    return { ...begun({ ...asked, attempt }), slotted: (model) => model, hold: (_, run) => run() };
  }

  function toState({ id, group, ...state }: MemberState): DeploymentState {
    const member = memberOf.get(id);
    return { id, group, model: member?.deployment.model ?? "", apiBase: member?.apiBase, ...state };
  }

  return {
    ask,
    load: routing.load,
    inventory: routing.inventory,
    close: routing.close,
    states: () => routing.states().map(toState),
  };
}

/** A wrong one is the dialect's to refuse. */
function plainModel(body: unknown): string | undefined {
  const named = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
  return typeof named === "string" && named !== "" ? named : undefined;
}

const routingFields = later(() => import("./split-routing.ts"));

async function splitRouting(request: object): Promise<SplitRouting> {
  if (!saysHowToRoute(request)) return { extras: {}, request, warnings: [] };
  return (await routingFields()).splitRouting(request);
}

/** Tells of an attempt; it has the headers that are for it alone. */
function begun<At extends Pick<Asked, "call" | "attempt">>(asked: At): At {
  const { call, attempt } = asked;
  call.onAttempt?.(attempt);
  const headers = call.attemptHeaders?.(attempt);
  return headers === undefined ? asked : { ...asked, call: { ...call, headers: { ...call.headers, ...headers } } };
}

interface Sent {
  readonly model: string;
  /** Its images read, nothing of it about routing. */
  readonly request: object;
  readonly connection: Connection;
  readonly extras: RoutingExtras;
  readonly call: LlamaductCall;
  readonly warnings: readonly Warning[];
}

const MAX_GROUPS = 1000;
const ANYWHERE = { apiBase: true, apiKey: true } as const;
