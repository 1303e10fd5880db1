import { isDeepStrictEqual } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { colours, wantsColours } from "../cli/colours.ts";
import type { CommandLine } from "../cli/command-line.ts";
import { readSettings, shortcomings } from "../cli/read-settings.ts";
import type { Surroundings } from "../cli/surroundings.ts";
import type { ProxyConfig, ServerConfig } from "../config/proxy-config.ts";
import type { Served } from "../http/served.ts";
import { assemble } from "./assemble.ts";
import { banner } from "./banner.ts";
import { createCurrent } from "./create-current.ts";
import { createLogger } from "./create-logger.ts";
import { startDemo } from "./demo.ts";
import { newKey } from "./generated-key.ts";
import { drain, listen } from "./listen.ts";
import { listenAddress } from "./listen-address.ts";
import { openSharedState } from "./open-shared-state.ts";
import { readTls } from "./read-tls.ts";
import { reloadWhenAsked } from "./reload.ts";
import { exchangeDetail, showExchanges } from "./show-exchanges.ts";
import { startEngine } from "./start-engine.ts";
import { startTracing } from "./start-tracing.ts";
import { sharedHop, speaks } from "./workers.ts";

const DRAIN_MS = 30_000;
/** What the process holds may be wrong, so it ends soon. */
const CRASHED_DRAIN_MS = 5_000;
const CRASHED = 70;
const NEVER = new AbortController().signal;

/** Serves until it is asked to stop. Gives the exit code, or throws a `StartError` when it cannot listen. */
export async function serve(options: CommandLine, surroundings: Surroundings): Promise<number> {
  const { environment, isTerminal = false, stop, crash = NEVER, log } = surroundings;
  const paint = colours(wantsColours(environment, isTerminal));
  const isSpeaker = speaks(environment);
  const warn = (text: string) => isSpeaker && surroundings.complain(paint.warn(text));

  const settings = await readSettings(options, environment);
  const { server } = settings;
  const problems = shortcomings(settings.report);
  if (problems !== "") warn(problems);
  const { host, note } = listenAddress({ host: options.host, server, environment });
  const { numWorkers = 1, keepaliveTimeout } = options;
  const keepAliveMs = keepaliveTimeout === undefined ? undefined : keepaliveTimeout * 1000;
  const counted = countedByEach(server);
  if (numWorkers > 1 && counted !== undefined)
    warn(`Each of the ${numWorkers} workers counts the ${counted} of keys for itself.`);
  const tls = await readTls(options);
  const isDemo = options.demo && settings.engine.deployments === undefined;
  if (options.demo && !isDemo) warn("--demo has no effect beside a config or a --model.");

  const detail = exchangeDetail(options, environment);
  const logger = createLogger({ detail, environment, isTerminal, stop, write: log });
  /** What ends with it, the last one first. */
  const ends: (() => unknown)[] = [showExchanges(logger, detail)];
  try {
    const demo = isDemo ? await startDemo(settings.engine.settings ?? {}) : undefined;
    ends.push(() => demo?.close());
    // Shared by all that is served one after the other: a reload gives nobody new tokens to spend.
    const { limits, shared, isRedisUp, close } = await openSharedState(server.redis, logger);
    ends.push(close);
    const start = async ({ engine, server }: ProxyConfig): Promise<Served> => ({
      engine: await startEngine({ ...engine, limits, shared, ...(demo && { settings: demo.settings }) }),
      server,
    });
    const current = createCurrent(await start(settings));
    ends.push(() => current.get().engine.close());
    const ending = new AbortController();
    const tracing = await startTracing(environment, warn);
    ends.push(() => tracing?.close());
    const app = assemble({
      served: current.get,
      logger,
      limits,
      tls,
      trace: tracing?.start,
      hop: sharedHop(environment),
      rootPath: rootPath(environment),
      keepAliveMs,
      isRedisUp,
      ending: ending.signal,
    });
    current.watch(app);
    const { address, port } = await listen(app, host, options.port);
    const forget = reloadWhenAsked({
      options,
      surroundings,
      logger,
      host,
      async replace(next) {
        current.replace(await start(next));
        if (!isDeepStrictEqual(next.server.redis, server.redis))
          logger.warn("another Redis in the config counts from the next start on");
      },
    });
    if (isSpeaker)
      surroundings.print(
        await banner({
          engine: current.get().engine,
          at: { address, port, isTls: tls !== undefined },
          version: packageJson.version,
          hasKey: server.masterKey !== undefined,
          newKey: newKey(server, environment),
          note,
          workers: numWorkers,
          demoModel: demo?.model,
          colours: paint,
        }),
      );
    await aborted(AbortSignal.any([stop, crash]));
    if (crash.aborted) logger.fatal({ err: crash.reason }, "an error that nobody caught: the process ends");
    forget();
    await drain(app, { patienceMs: crash.aborted ? CRASHED_DRAIN_MS : DRAIN_MS, ending });
    return crash.aborted ? CRASHED : 0;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Of several workers, without a word to the others. */
function countedByEach({ keys = [], redis }: ServerConfig): string | undefined {
  if (redis === undefined && keys.some(({ rpm, tpm }) => rpm ?? tpm)) return "limits";
  return keys.some(({ maxParallelRequests }) => maxParallelRequests) ? "max_parallel_requests" : undefined;
}

function rootPath(environment: Surroundings["environment"]): string {
  const path = (environment["SERVER_ROOT_PATH"] ?? "").replace(/^\/+|(?<!\/)\/+$/g, "");
  return path === "" ? "" : `/${path}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
