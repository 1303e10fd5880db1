import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { ProviderSettings } from "@llamaduct/core";
import type { FastifyInstance } from "fastify";
import {
  createLlamaduct,
  DEFAULT_PROVIDERS,
  type Deployment,
  environmentSettings,
  type Llamaduct,
  type LlamaductOptions,
} from "llamaduct";
import { pino } from "pino";
import packageJson from "../../package.json" with { type: "json" };
import { readConfig } from "../config/read-config.ts";
import { toDeployments } from "../config/to-deployments.ts";
import { createApp } from "../http/create-app.ts";
import { logFailures } from "../http/log-failures.ts";
import { banner } from "./banner.ts";
import { type CommandLine, HELP, parseCommandLine } from "./command-line.ts";
import { startDemo } from "./demo.ts";
import { StartError } from "./start-error.ts";

export interface Surroundings {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Asks for the end: open streams may finish, new requests find no one. */
  readonly stop: AbortSignal;
}

/** The command `llamaduct`. Gives its exit code: 0 after a stop, 1 when it cannot serve, 2 for a wrong command line. */
export async function run(surroundings: Surroundings): Promise<number> {
  const { print, complain } = surroundings;
  let options: CommandLine;
  try {
    options = parseCommandLine(surroundings.arguments);
  } catch (error) {
    complain(`${(error as Error).message}\nTry llamaduct --help.`);
    return 2;
  }
  if (options.help || options.version) {
    print(options.help ? HELP : packageJson.version);
    return 0;
  }
  try {
    await serve(options, surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    complain(error.message);
    return 1;
  }
}

async function serve(options: CommandLine, { environment, print, complain, stop }: Surroundings): Promise<void> {
  const served = await readServed(options, environment);
  for (const warning of served.warnings) complain(`warning: ${warning}`);
  if (options.demo && options.config !== undefined) complain("warning: --demo has no effect with --config.");
  const demo = options.demo && options.config === undefined ? await startDemo(served.settings) : undefined;
  try {
    const { deployments, masterKey } = served;
    const logger = pino({ level: "warn" }, pino.destination(2));
    const settings = demo?.settings ?? served.settings;
    const images = options.imageUrls ? { remote: {} } : undefined;
    const engine = createEngine({ deployments, settings, images, observer: logFailures(logger) });
    const app = createApp({ engine, masterKey, logger });
    const { port, address } = await listen(app, options, masterKey);
    print(await banner({ engine, address, port, hasKey: masterKey !== undefined, demoModel: demo?.model }));
    await aborted(stop);
    await close(app);
  } finally {
    await demo?.close();
  }
}

/** What the engine does not accept is a fault of the configuration. */
function createEngine(options: LlamaductOptions): Llamaduct {
  try {
    return createLlamaduct(options);
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

interface Served {
  /** Absent without a config: then every model of the default host is served. */
  readonly deployments?: readonly Deployment[] | undefined;
  readonly settings: Readonly<Record<string, ProviderSettings>>;
  readonly masterKey: string | undefined;
  readonly warnings: readonly string[];
}

async function readServed({ config: path }: CommandLine, environment: Surroundings["environment"]): Promise<Served> {
  const settings = environmentSettings(environment);
  const environmentKey = environment["LITELLM_MASTER_KEY"] || undefined;
  if (path === undefined) return { settings, masterKey: environmentKey, warnings: [] };
  const { config, warnings, where } = readConfig({ path, text: await readText(path), environment });
  const providerIds = DEFAULT_PROVIDERS.map(({ id }) => id);
  const list = toDeployments(config.model_list ?? [], { providerIds, where });
  return {
    deployments: list.deployments,
    settings,
    masterKey: config.general_settings?.master_key ?? environmentKey,
    warnings: [...warnings, ...list.warnings],
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new StartError(`The config ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

/** Without a key the loopback address, since whoever reaches the proxy may use it. */
async function listen(app: FastifyInstance, { host, port }: CommandLine, masterKey: string | undefined) {
  try {
    await app.listen({ host: host ?? (masterKey === undefined ? "127.0.0.1" : "0.0.0.0"), port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new StartError(`Port ${port} is in use. Choose another with --port.`);
    throw new StartError(`Cannot listen on ${host ?? "the default address"}, port ${port}: ${code}.`);
  }
  // A server that listens on TCP has an address of this shape.
  return app.server.address() as AddressInfo;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const DRAIN_MS = 30_000;

/** Streams may end; idle connections, and those that become idle meanwhile, would hold it up for over a minute. */
async function close(app: FastifyInstance): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), 100);
  const drain = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(drain);
  }
}
