import { ProviderError } from "../../packages/core/src/provider-error.ts";

export interface Read {
  readonly items: readonly unknown[];
  /** The code of the `ProviderError` after them. */
  readonly failure: string | undefined;
}

/** All that a decoder gives. Throws what is no `ProviderError`: the caller would not know what to answer. */
export async function readAll(batches: AsyncIterable<readonly unknown[]>): Promise<Read> {
  const items: unknown[] = [];
  try {
    for await (const batch of batches) {
      if (batch.length === 0) throw new Error("An empty batch.");
      items.push(...batch);
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { items, failure: error.code };
  }
  return { items, failure: undefined };
}
