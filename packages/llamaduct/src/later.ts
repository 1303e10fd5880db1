import { ProviderError } from "@llamaduct/core";
import { once } from "./once.ts";

/** Code that is loaded by the first who needs it. Throws `provider_error` where it cannot be had, as on a page that has lost its server. */
export function later<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return once(() =>
    load().catch((cause: unknown) => {
      const message = "A part of llamaduct that this request needs could not be loaded.";
      throw new ProviderError({ code: "provider_error", message, cause });
    }),
  );
}
