import { unwatchFile, watchFile } from "node:fs";
import type { Logger } from "pino";
import type { CommandLine } from "../cli/command-line.ts";
import { readSettings, shortcomings } from "../cli/read-settings.ts";
import { StartError } from "../cli/start-error.ts";
import type { Surroundings } from "../cli/surroundings.ts";
import type { ProxyConfig } from "../config/proxy-config.ts";
import { listenAddress } from "./listen-address.ts";

export interface ReloadOptions {
  readonly options: CommandLine;
  readonly surroundings: Surroundings;
  readonly logger: Pick<Logger, "info" | "error">;
  /** Where it listens, and goes on to. */
  readonly host: string;
  /** Throws a `StartError` for what cannot be served. */
  readonly replace: (settings: ProxyConfig) => Promise<void>;
}

const WATCH_EVERY_MS = 500;

/**
 * Reads the config again whenever that is asked for, and with `--reload` when the file changes. One that cannot be
 * served is told, and changes nothing. Until the returned function is called.
 */
export function reloadWhenAsked(reloading: ReloadOptions): () => void {
  const { options, surroundings, logger } = reloading;
  // One after the other: the last to ask has the last word.
  let last = Promise.resolve();
  const again = () => {
    last = last.then(() => reload(reloading)).catch((error) => logger.error({ err: error }, "reload failed"));
  };
  surroundings.onReload?.(again);
  const { config, reload: isWatching } = options;
  if (config === undefined || !isWatching) return () => {};
  // By its times and not its file: editors put another file in its place.
  watchFile(config, { interval: WATCH_EVERY_MS, persistent: false }, again);
  return () => unwatchFile(config, again);
}

async function reload({ options, surroundings: { environment }, logger, host, replace }: ReloadOptions): Promise<void> {
  const { config } = options;
  if (config === undefined) return logger.info("there is no config to read again");
  try {
    const settings = await readSettings(options, environment);
    listenAddress({ host, server: settings.server, environment });
    await replace(settings);
    const problems = shortcomings(settings.report);
    logger.info({ config, ...(problems !== "" && { problems }) }, "config read again");
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    logger.error({ config, reason: error.message }, "the new config cannot be served, so the old one stays");
  }
}
