import { ProviderError } from "@llamaduct/core";
import type { Directory } from "./create-directory.ts";

/** What is thrown where a name leads nowhere: what the directory has thrown, with the names that are near where they can be had. */
export async function unresolved(error: unknown, requested: string, directory: Directory): Promise<unknown> {
  if (!(error instanceof ProviderError) || error.code !== "model_not_found") return error;
  try {
    const { withNearNames } = await import("./near-names.ts");
    return withNearNames(error, requested, directory);
  } catch {
    // The name is wrong, whether or not there is help with it.
    return error;
  }
}
