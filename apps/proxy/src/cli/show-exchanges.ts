import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { TextDecoder } from "node:util";
import { EXCHANGE_CHANNEL, type ExchangeEvent } from "llamaduct";
import type { Logger } from "pino";
import type { CommandLine } from "./command-line.ts";

/** How much of what goes to upstreams and comes back is shown. */
export type ExchangeDetail = "none" | "heads" | "bodies";

/** `--detailed-debug` and `LITELLM_LOG=DEBUG` show everything, `--debug` shows no bodies. */
export function exchangeDetail(
  { debug, detailedDebug }: Pick<CommandLine, "debug" | "detailedDebug">,
  { LITELLM_LOG }: Readonly<Record<string, string | undefined>>,
): ExchangeDetail {
  if (detailedDebug || LITELLM_LOG?.toUpperCase() === "DEBUG") return "bodies";
  return debug ? "heads" : "none";
}

/** Images and long conversations: their beginning is enough to see what was sent. */
const MAX_TEXT = 16_384;

/** Logs what is sent to upstreams and what comes back, keys masked, until the returned function is called. */
export function showExchanges(logger: Pick<Logger, "debug">, detail: ExchangeDetail): () => void {
  if (detail === "none") return () => {};
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
      const more = hasBodies && { headers, body: body && shorten(body) };
      logger.debug({ exchange, method, url, ...more }, "to upstream");
    } else if (event.type === "response") {
      const { status, headers, afterMs } = event;
      if (isText(headers["content-type"])) decoders.set(event.id, new TextDecoder());
      logger.debug({ exchange, status, afterMs: Math.round(afterMs), ...(hasBodies && { headers }) }, "from upstream");
    } else if (event.type === "end") {
      const { afterMs, error } = event;
      decoders.delete(event.id);
      const what = error === undefined ? "upstream done" : "upstream failed";
      logger.debug({ exchange, afterMs: Math.round(afterMs), err: error }, what);
    } else if (hasBodies) {
      logger.debug({ exchange, body: decode(event) }, "from upstream");
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
