import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { TextDecoder } from "node:util";
import { EXCHANGE_CHANNEL, type ExchangeEvent } from "@llamaduct/http";

/** How much is told: where requests go and how they end, or all that is sent and received. */
export type ExchangeDetail = "heads" | "bodies";

/** One thing that happened, for a log: `exchange` tells exchanges apart. */
export type TellExchange = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Images and long conversations: their beginning is enough to see what was sent. */
const MAX_TEXT = 16_384;

/** Tells what is sent to upstreams and what comes back, keys masked, until the returned function is called. */
export function watchExchanges(tell: TellExchange, detail: ExchangeDetail): () => void {
  const hasBodies = detail === "bodies";
  const decoders = new Map<string, TextDecoder>();

  function decode({ id, bytes }: ExchangeEvent & { readonly type: "data" }): string {
    const decoder = decoders.get(id);
    return decoder === undefined ? `${bytes.length} bytes` : shorten(decoder.decode(bytes, { stream: true }));
  }

  function show(event: ExchangeEvent): void {
    const exchange = event.id.slice(0, 8);
    if (event.type === "request") {
      const { method, url, headers, body } = event;
      tell({ exchange, method, url, ...(hasBodies && { headers, body: body && shorten(body) }) }, "to upstream");
    } else if (event.type === "response") {
      const { status, headers, afterMs } = event;
      if (isText(headers["content-type"])) decoders.set(event.id, new TextDecoder());
      tell({ exchange, status, afterMs: Math.round(afterMs), ...(hasBodies && { headers }) }, "from upstream");
    } else if (event.type === "end") {
      const { afterMs, error } = event;
      decoders.delete(event.id);
      const what = error === undefined ? "upstream done" : "upstream failed";
      tell({ exchange, afterMs: Math.round(afterMs), err: error }, what);
    } else if (hasBodies) {
      tell({ exchange, body: decode(event) }, "from upstream");
    }
  }

  // The channel carries nothing else.
  const listener = (event: unknown) => show(event as ExchangeEvent);
  subscribe(EXCHANGE_CHANNEL, listener);
  return () => void unsubscribe(EXCHANGE_CHANNEL, listener);
}

function isText(type = ""): boolean {
  return /json|text|xml/i.test(type);
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more)`;
}
