import { type CallOptions, type HostStatus, type LoadedModel, type ModelInfo, ProviderError } from "@llamaduct/core";
import { type Breaker, createBreaker } from "./breaker.ts";
import type { Clock } from "./clock.ts";

/** What is known of one host, from its own word and from how requests went. */
export interface Host {
  /** Its place among all hosts. */
  readonly index: number;
  /** Of its address: opened by lost connections. */
  readonly breaker: Breaker;
  /** Streams on their way to it, or from it. */
  busy: number;
  /** When it last answered, by the clock; `undefined`: never. */
  readonly seenAt: number | undefined;
  /** What it has, as it last said. Kept while it is away. */
  readonly models: readonly ModelInfo[] | undefined;
  readonly loaded: readonly LoadedModel[] | undefined;
  /** What requests have it load now; empty for one that does not tell what it has loaded. */
  readonly loading: readonly LoadingModel[];
  /** One model there. The same object for every spelling, kept up to date. */
  model(modelId: string): ModelView;
  /** A request is about to run a model: unless it is in memory, it will be loaded. */
  begins(modelId: string, contextLength: number | undefined): void;
  /** The model answers, so it is in memory. */
  answers(modelId: string): void;
  /** The request failed before the model answered. */
  fails(modelId: string): void;
  /** The host said that it has no such model. */
  lacks(modelId: string): void;
  /** Asks it now, or soon when it has just been asked. */
  refresh(): void;
  /** Stops asking it. */
  close(): void;
}

/** A model on its way into memory. */
export interface LoadingModel {
  readonly id: string;
  /** Milliseconds. */
  readonly forMs: number;
}

export interface ModelView {
  /** `undefined`: unknown. */
  isThere: boolean | undefined;
  isLoaded: boolean;
  /** Of the window it is loaded with. */
  contextLength: number | undefined;
  /** A request has it loaded since then. */
  loadingSince: number | undefined;
  /** A request has seen it answer. */
  loadedAt: number | undefined;
  /** A request was told that it is not there: believed until then. */
  lacksUntil: number | undefined;
}

export interface HostOptions {
  readonly index: number;
  readonly status: ((options: CallOptions) => Promise<HostStatus>) | undefined;
  /** Between two looks, ±20 %; 0: it is not watched. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** While it does not answer: often enough to notice soon when it is back. */
const AWAY_MS = 1000;
const LIMIT_MS = 5000;
/** As long as a host may take to load a model; then a request that never came to an end is forgotten. */
const LOADING_MS = 300_000;
const LACKING_MS = 60_000;
const MAX_NAMES = 10_000;

/** Watches one host, without having it run anything. */
export function createHost({ index, status, intervalMs, clock, random }: HostOptions): Host {
  const breaker = createBreaker(clock.now);
  const isWatched = status !== undefined && intervalMs > 0;
  const keys = new Map<string, string>();
  const views = new Map<string, ModelView>();
  let known: HostStatus | undefined;
  let there: ReadonlySet<string> | undefined;
  let loaded: ReadonlyMap<string, LoadedModel> = new Map();
  let seenAt: number | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  let isClosed = false;
  let stopTimer = () => {};

  async function look(): Promise<void> {
    if (status === undefined || isAsking || isClosed) return;
    isAsking = true;
    askedAt = clock.now();
    let isAway = false;
    try {
      notice(await withLimit(status, clock));
      // It was taken out since it could not be reached.
      breaker.close();
    } catch (error) {
      // Too busy to answer is not away, and what was known of it is still the best there is.
      isAway = error instanceof ProviderError && error.code === "upstream_connection_failed";
      if (isAway && error instanceof Error) breaker.keepOpen(error.message, 2 * AWAY_MS);
    } finally {
      isAsking = false;
      later(isAway ? Math.min(AWAY_MS, intervalMs) : intervalMs);
    }
  }

  function later(ms: number): void {
    stopTimer();
    if (isClosed || !isWatched) return;
    stopTimer = clock.after(ms * (0.8 + 0.4 * random()), () => void look(), { background: true });
  }

  function refresh(): void {
    // Callers may ask for what is not there as often as they like.
    if (!isWatched || isAsking) return;
    if (clock.now() - askedAt < AWAY_MS) later(AWAY_MS);
    else void look();
  }

  function notice(status: HostStatus): void {
    const { models, toKey = same } = status;
    if (toKey !== known?.toKey) keys.clear();
    // Without a word about memory, what it said before is the best guess.
    known = { ...status, loaded: status.loaded ?? known?.loaded };
    seenAt = clock.now();
    there = new Set(models.map(({ id }) => toKey(id)));
    loaded = new Map(known.loaded?.map((model) => [toKey(model.id), model]));
    const told = status.loaded !== undefined;
    for (const [key, view] of views) if (!isAhead(view, told)) Object.assign(view, toView(key));
  }

  /** Requests have told more than the host: it may not list a model that is being loaded, nor one loaded since it was asked. */
  function isAhead({ loadingSince = Number.NEGATIVE_INFINITY, loadedAt }: ModelView, told: boolean): boolean {
    const isLoading = loadedAt === undefined && clock.now() - loadingSince < LOADING_MS;
    return isLoading || (loadedAt !== undefined && (!told || loadedAt > askedAt));
  }

  function toLoading([id, { loadingSince = Number.NEGATIVE_INFINITY }]: [string, ModelView]): readonly LoadingModel[] {
    const forMs = clock.now() - loadingSince;
    return forMs < LOADING_MS ? [{ id, forMs }] : [];
  }

  function toView(key: string): ModelView {
    const inMemory = loaded.get(key);
    return {
      isThere: there?.has(key),
      isLoaded: inMemory !== undefined,
      contextLength: inMemory?.contextLength,
      loadingSince: undefined,
      loadedAt: undefined,
      lacksUntil: undefined,
    };
  }

  function model(modelId: string): ModelView {
    const key = keys.get(modelId) ?? addKey(modelId);
    const view = views.get(key) ?? toView(key);
    views.set(key, view);
    return view;
  }

  function addKey(modelId: string): string {
    if (keys.size > MAX_NAMES) forget();
    const key = (known?.toKey ?? same)(modelId);
    keys.set(modelId, key);
    return key;
  }

  /** Names come from callers: those that nobody has ever had must not stay. */
  function forget(): void {
    keys.clear();
    for (const key of views.keys()) if (there?.has(key) !== true) views.delete(key);
  }

  if (isWatched) void look();

  return {
    index,
    breaker,
    busy: 0,
    get seenAt() {
      return seenAt;
    },
    get models() {
      return known?.models;
    },
    get loaded() {
      return known?.loaded;
    },
    get loading() {
      return known?.loaded === undefined ? [] : [...views].flatMap(toLoading);
    },
    model,
    begins(modelId, contextLength) {
      const view = model(modelId);
      if (view.loadingSince !== undefined || isLoadedWith(view, contextLength)) return;
      Object.assign(view, { isLoaded: false, contextLength, loadingSince: clock.now(), loadedAt: undefined });
    },
    answers(modelId) {
      seenAt = clock.now();
      const view = model(modelId);
      if (view.loadingSince === undefined) return;
      Object.assign(view, { isLoaded: true, loadingSince: undefined, loadedAt: clock.now() });
      // Another model may have had to go.
      refresh();
    },
    fails(modelId) {
      model(modelId).loadingSince = undefined;
    },
    lacks(modelId) {
      const lacksUntil = clock.now() + LACKING_MS;
      Object.assign(model(modelId), { isThere: false, isLoaded: false, loadingSince: undefined, lacksUntil });
      refresh();
    },
    refresh,
    close() {
      isClosed = true;
      stopTimer();
    },
  };
}

const same = (modelId: string): string => modelId;

/** The host is believed to lack it: by its own word, or for a while by what it answered a request. */
export function isMissing({ isThere, lacksUntil }: ModelView, now: number): boolean {
  return isThere === false && (lacksUntil === undefined || lacksUntil > now);
}

/** Loaded, and with the window that is wanted: another one has the model loaded anew. */
export function isLoadedWith(view: ModelView, contextLength: number | undefined): boolean {
  return (
    view.isLoaded &&
    (contextLength === undefined || view.contextLength === undefined || view.contextLength === contextLength)
  );
}

async function withLimit(status: (options: CallOptions) => Promise<HostStatus>, clock: Clock): Promise<HostStatus> {
  const controller = new AbortController();
  const message = `The host did not say how it is within ${LIMIT_MS} ms.`;
  const expire = () => controller.abort(new ProviderError({ code: "upstream_busy", message }));
  const stop = clock.after(LIMIT_MS, expire, { background: true });
  try {
    return await status({ signal: controller.signal });
  } finally {
    stop();
  }
}
