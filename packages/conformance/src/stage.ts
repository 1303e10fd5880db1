import { createRegistry, type Provider, type ProviderSettings } from "@llamaduct/core";
import type { Act, Play } from "./act.ts";
import { within } from "./check.ts";
import { createMemoryFetch } from "./memory-fetch.ts";
import type { Reply, Target, UpstreamRequest } from "./target.ts";
import { startUpstream } from "./upstream-server.ts";

/** What a case acts with: the provider as its factory makes it, in front of an upstream that plays a script. */
export interface Stage {
  readonly provider: Provider;
  readonly baseURL: string;
  /** What the upstream was asked so far. */
  readonly requests: readonly UpstreamRequest[];
  /** Resolves with the first request, when it arrives or has. Over a socket only. */
  readonly firstRequest: Promise<UpstreamRequest>;
}

export interface Scene {
  readonly play: Play;
  /** Through `withFetch`, where the target has it. Default: over a socket, through the factory. */
  readonly inMemory?: boolean | undefined;
}

/** Given to every provider; must never be seen but in a header. */
export const API_KEY = "sk-conformance-5ecret-4711";
/** Asked of every model; must never be seen in an error. */
export const PROMPT = "promptmarker7319 and what follows";

/** A case that takes longer has failed: something was never answered or never ended. Below what runners allow. */
const CASE_LIMIT_MS = 4500;

/** Sets the stage, runs a case on it and clears it away. */
export async function onStage(target: Target, scene: Scene, run: (stage: Stage) => Promise<void>): Promise<void> {
  const { withFetch } = target;
  if (scene.inMemory === true && withFetch !== undefined) {
    const { fetch, requests } = createMemoryFetch(scene.play);
    const baseURL = "http://upstream.test/behind/a-gateway";
    const provider = bare(withFetch(settingsOf(target, baseURL), fetch));
    const firstRequest = Promise.reject(new Error("The kit waits for requests on sockets only."));
    firstRequest.catch(() => {});
    return limited(run({ provider, baseURL, requests, firstRequest }));
  }
  const upstream = await startUpstream(scene.play);
  try {
    await limited(run({ ...upstream, provider: create(target, settingsOf(target, upstream.baseURL)) }));
  } finally {
    await upstream.close();
  }
}

/** The provider as the factory makes it, without what guards it. Siblings come from a registry. */
export function create({ provider, siblings = [] }: Target, settings: ProviderSettings): Provider {
  const registry = createRegistry([provider, ...siblings]);
  return bare(
    provider.create(settings, (id) => (registry.ids.includes(id) ? registry.provider(id, settings) : undefined)),
  );
}

/** Where core's `defineProvider` keeps the provider that it was given. What it adds would mend what the kit looks for. */
const ORIGINAL = Symbol.for("@llamaduct/core.original");

function bare(provider: Provider & { readonly [ORIGINAL]?: Provider }): Provider {
  return provider[ORIGINAL] ?? provider;
}

export function settingsOf({ settings }: Target, baseURL: string): ProviderSettings {
  return { ...settings, baseURL, apiKey: API_KEY };
}

/** A reply sent in one piece. */
export function whole({ status = 200, headers = {}, body = "" }: Reply): Act {
  return { status, headers: { "content-type": "application/json", ...headers }, pieces: body === "" ? [] : [body] };
}

/** Requests to one of the paths are played `play`; others get the target's own answer, or 404. */
export function playing(target: Target, path: string | readonly string[], play: Play): Play {
  const paths = [path].flat();
  return (request) => {
    if (paths.some((end) => request.path.endsWith(end))) return play(request);
    return whole(target.upstream.other?.(request) ?? target.upstream.error(404, "There is nothing here."));
  };
}

/** Those of the requests that went to one of the paths. */
export function requestsTo(stage: Stage, path: string | readonly string[]): readonly UpstreamRequest[] {
  return stage.requests.filter((request) => [path].flat().some((end) => request.path.endsWith(end)));
}

function limited(running: Promise<void>): Promise<void> {
  const sentence = `The case was not over after ${CASE_LIMIT_MS} ms: a call was never answered, or never ended.`;
  return within(CASE_LIMIT_MS, running, sentence);
}
