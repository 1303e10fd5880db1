import { ProviderError } from "@llamaduct/core";
import type { Directory } from "./create-directory.ts";

/** What a name leads to. Who asks for one that leads nowhere is told the names that are near, where they can be had. */
export async function resolved<Found>(resolve: () => Found, requested: string, directory: Directory): Promise<Found> {
  try {
    return resolve();
  } catch (error) {
    throw await unresolved(error, requested, directory);
  }
}

async function unresolved(error: unknown, requested: string, directory: Directory): Promise<unknown> {
  if (!(error instanceof ProviderError) || error.code !== "model_not_found") return error;
  try {
    const { withNearNames } = await import("./near-names.ts");
    return withNearNames(error, requested, directory);
  } catch {
    // The name is wrong, whether or not there is help with it.
    return error;
  }
}
