import type { Transport, TransportRequest, TransportResponse } from "./transport.ts";

/**
 * The name of the `node:diagnostics_channel` on which `createTransport` tells what it sends and gets, for debugging, as
 * `ExchangeEvent`s. Nothing is made for it while nobody subscribes.
 */
export const EXCHANGE_CHANNEL = "llamaduct:http";

/** Events of one exchange have one `id`, a UUID. Values of headers and of the query that look like credentials are masked. */
export type ExchangeEvent =
  | {
      readonly type: "request";
      readonly id: string;
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | undefined;
    }
  | {
      readonly type: "response";
      readonly id: string;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Since the request, milliseconds. */
      readonly afterMs: number;
    }
  | { readonly type: "data"; readonly id: string; readonly bytes: Uint8Array }
  /** The body was read to its end or left, or `error` says why there is no more of it. */
  | { readonly type: "end"; readonly id: string; readonly afterMs: number; readonly error?: unknown };

/** Whoever hears of exchanges: a channel of `node:diagnostics_channel`. */
export interface ExchangeChannel {
  readonly hasSubscribers: boolean;
  publish(event: ExchangeEvent): void;
}

/** The same transport, telling the channel while somebody listens. What tells is loaded for the first who does. */
export function reportExchanges(transport: Transport, channel: ExchangeChannel): Transport {
  let telling: Transport | undefined;

  async function load(request: TransportRequest): Promise<TransportResponse> {
    try {
      const { tellExchanges } = await import("./tell-exchanges.ts");
      telling ??= tellExchanges(transport, channel);
    } catch {
      // Who only listens is no reason to send nothing.
      return transport(request);
    }
    return telling(request);
  }

  return (request) => (channel.hasSubscribers ? (telling ?? load)(request) : transport(request));
}
