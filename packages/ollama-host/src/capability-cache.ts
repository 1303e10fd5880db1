import {
  type CallOptions,
  type Capabilities,
  type ModelFacts,
  type ModelInfo,
  ProviderError,
  type Support,
} from "@llamaduct/core";
import type { ModelDescriber } from "./describe-models.ts";
import { modelKey } from "./model-key.ts";
import type { ShownModel, TaggedModel } from "./model-wire.ts";
import { UNKNOWN_CAPABILITIES } from "./unknown-capabilities.ts";

/** What one host's models can do: as far as it was asked, or has refused. Never asks another host. */
export interface CapabilityCache {
  /** What is known now, without I/O; the application's word wins. */
  known(model: string, facts?: ModelFacts): Capabilities;
  /** What is known of one capability; asks the host where nothing is. `unknown` when it will not say. */
  ask(model: string, capability: keyof Capabilities, options?: AskOptions): Promise<Support>;
  /** What the host says of a model (`/api/show`), kept for five minutes. `undefined`: no such model; that is not kept. */
  describe(model: string, call?: CallOptions): Promise<ModelInfo | undefined>;
  /** Every model of the host, described where its listing says nothing of capabilities (before Ollama 0.30). */
  list(call?: CallOptions): Promise<readonly ModelInfo[]>;
  /** Forgets what was known of names that now go to other models. */
  notice(tags: readonly TaggedModel[]): void;
  /** Remembers that the host refused: until the model changes, or five minutes have passed. */
  learn(model: string, lacks: keyof Capabilities): void;
}

export interface AskOptions {
  readonly facts?: ModelFacts | undefined;
  readonly call?: CallOptions | undefined;
}

/** The two questions a cache asks its host. */
export interface CapabilitySource {
  show(model: string, call?: CallOptions): Promise<ShownModel | undefined>;
  tags(call?: CallOptions): Promise<readonly TaggedModel[]>;
}

const MAX_MODELS = 500;
const KEEP_MS = 5 * 60_000;

/** An empty cache in front of one host. Every spelling of a model's name is the same model. */
export function createCapabilityCache(host: CapabilitySource): CapabilityCache {
  const entries = new Map<string, Entry>();
  let describer: ModelDescriber | undefined;

  function fresh(key: string): Entry | undefined {
    const entry = entries.get(key);
    return entry !== undefined && entry.until > performance.now() ? entry : undefined;
  }

  const freshUntil = () => performance.now() + KEEP_MS;

  function keep(key: string, changes: Partial<Entry>): void {
    const entry: Entry = { lacks: {}, until: freshUntil(), ...fresh(key), ...changes };
    // The one written last stands last, so the first is the one to drop.
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > MAX_MODELS && oldest !== undefined) entries.delete(oldest);
  }

  /** Loaded by the first who asks: a plain chat does not. */
  async function loaded(): Promise<ModelDescriber> {
    const { createModelDescriber } = await import("./questions.ts");
    describer ??= createModelDescriber(host, { fresh, keep, notice, freshUntil });
    return describer;
  }

  async function describe(model: string, call?: CallOptions): Promise<ModelInfo | undefined> {
    return (await loaded()).describe(model, call);
  }

  function recognise({ name, digest }: TaggedModel): void {
    const key = modelKey(name);
    const entry = fresh(key);
    if (entry === undefined || digest === undefined || entry.digest === digest) return;
    if (entry.digest === undefined) entries.set(key, { ...entry, digest });
    else entries.delete(key);
  }

  function notice(tags: readonly TaggedModel[]): void {
    for (const tagged of tags) recognise(tagged);
  }

  function known(model: string, facts?: ModelFacts): Capabilities {
    const entry = fresh(modelKey(model));
    return { ...UNKNOWN_CAPABILITIES, ...entry?.info?.capabilities, ...entry?.lacks, ...facts?.capabilities };
  }

  return {
    known,
    describe,
    async ask(model, capability, { facts, call } = {}) {
      const now = known(model, facts)[capability];
      if (now !== "unknown") return now;
      try {
        return (await describe(model, call))?.capabilities[capability] ?? "unknown";
      } catch (error) {
        // A proxy may hide /api/show: then the model's own answer decides.
        if (error instanceof ProviderError) return "unknown";
        throw error;
      }
    },
    list: async (call) => (await loaded()).list(call),
    notice,
    learn(model, lacks) {
      const key = modelKey(model);
      keep(key, { lacks: { ...fresh(key)?.lacks, [lacks]: "none" } });
    },
  };
}

/** What a cache has in memory. */
export interface CapabilityMemory extends Pick<CapabilityCache, "notice"> {
  /** Of a model's key, unless it is too old. */
  fresh(key: string): Entry | undefined;
  keep(key: string, changes: Partial<Entry>): void;
  /** In `performance.now()`'s time: until when what is kept now is fresh. */
  freshUntil(): number;
}

export interface Entry {
  /** As `/api/show` had it; undefined when only a refusal is known. */
  readonly info?: ModelInfo | undefined;
  /** Of the model's manifest. Only the listing tells it. */
  readonly digest?: string | undefined;
  readonly lacks: Partial<Capabilities>;
  /** In `performance.now()`'s time. */
  readonly until: number;
}
