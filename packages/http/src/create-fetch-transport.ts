import { ProviderError } from "@llamaduct/core";
import type { TransportOptions } from "./create-transport.ts";
import { fromFetch } from "./from-fetch.ts";
import type { Transport } from "./transport.ts";

/**
 * `createTransport` where there are no sockets: over the runtime's own `fetch`. Throws `unsupported` for an option, since
 * `fetch` has none of them, and one of them is a guard.
 */
export function createFetchTransport(options: TransportOptions = {}): Transport {
  const [option] = Object.entries(options).find(([, value]) => value !== undefined) ?? [];
  if (option !== undefined) {
    const message = `A transport over fetch has no ${option}.`;
    throw new ProviderError({ code: "unsupported", message, setting: option });
  }
  // Looked up at each request, and called without a receiver: browsers refuse it as anything's method.
  return fromFetch((url, init) => fetch(url, init));
}
