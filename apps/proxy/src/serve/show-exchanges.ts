import { watchExchanges } from "llamaduct";
import type { Logger } from "pino";
import type { CommandLine } from "../cli/command-line.ts";

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

/** Logs what is sent to upstreams and what comes back, keys masked, until the returned function is called. */
export function showExchanges(logger: Pick<Logger, "debug">, detail: ExchangeDetail): () => void {
  if (detail === "none") return () => {};
  return watchExchanges((fields, message) => logger.debug(fields, message), detail);
}
