import { type CallOptions, type ModelInfo, ProviderError } from "@llamaduct/core";
import type { CapabilityMemory, CapabilitySource } from "./capability-cache.ts";
import { modelKey } from "./model-key.ts";
import type { TaggedModel } from "./model-wire.ts";
import { createSingleFlight } from "./single-flight.ts";
import { toListedModel, toShownModel } from "./to-model-info.ts";

/** Asks a host about its models, for a cache: as its methods of the same names. */
export interface ModelDescriber {
  describe(model: string, call?: CallOptions): Promise<ModelInfo | undefined>;
  list(call?: CallOptions): Promise<readonly ModelInfo[]>;
}

/** `/api/show` reads the model's file when the server has not done so before. */
const SHOWS_AT_ONCE = 4;

export function createModelDescriber(
  { show, tags }: CapabilitySource,
  { fresh, keep, notice, freshUntil }: CapabilityMemory,
): ModelDescriber {
  const shared = createSingleFlight<ModelInfo | undefined>();

  async function describe(model: string, call: CallOptions = {}): Promise<ModelInfo | undefined> {
    const key = modelKey(model);
    const entry = fresh(key);
    const info = entry?.info ?? (await shared(key, (signal) => reshow(model, { ...call, signal }), call.signal));
    return info && { ...info, id: model, capabilities: { ...info.capabilities, ...fresh(key)?.lacks } };
  }

  async function reshow(model: string, call: CallOptions): Promise<ModelInfo | undefined> {
    const shown = await show(model, call);
    if (shown === undefined) return undefined;
    const info = toShownModel(model, shown);
    keep(modelKey(model), { info, until: freshUntil() });
    return info;
  }

  async function complete(tagged: TaggedModel, call: CallOptions | undefined): Promise<ModelInfo> {
    const listed = toListedModel(tagged);
    const known = await completion(tagged, call);
    if (known === undefined) return listed;
    return {
      ...listed,
      capabilities: known.capabilities,
      contextLength: known.contextLength ?? listed.contextLength,
      metadata: { ...known.metadata, ...listed.metadata },
    };
  }

  async function completion(tagged: TaggedModel, call: CallOptions | undefined): Promise<ModelInfo | undefined> {
    const isTold = tagged.capabilities !== undefined && tagged.capabilities !== null;
    if (isTold && fresh(modelKey(tagged.name))?.info === undefined) return undefined;
    try {
      return await describe(tagged.name, call);
    } catch (error) {
      // One model that cannot be shown must not hide the others; the listing has at least its name.
      if (error instanceof ProviderError) return undefined;
      throw error;
    }
  }

  return {
    describe,
    async list(call) {
      const tagged = await tags(call);
      notice(tagged);
      return mapAtMost(SHOWS_AT_ONCE, tagged, (each) => complete(each, call));
    },
  };
}

async function mapAtMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  convert: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const remaining = items.entries();
  const work = async () => {
    for (const [index, item] of remaining) results[index] = await convert(item);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
