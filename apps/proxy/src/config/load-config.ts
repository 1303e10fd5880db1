import { dirname, resolve } from "node:path";
import type { ProviderFactory } from "@llamaduct/core";
import { environmentSettings } from "llamaduct";
import type { Environment } from "./fill-environment.ts";
import type { ProxyConfig } from "./proxy-config.ts";
import { readConfigFiles } from "./read-config-files.ts";
import { toProxyConfig } from "./to-proxy-config.ts";
import { toRouting } from "./to-routing.ts";
import { toServer } from "./to-server.ts";

export interface ConfigSources {
  readonly path: string;
  /** The file's `environment_variables` are added to it. */
  readonly environment: Environment;
  /** To which those are added that the file names. Default: `DEFAULT_PROVIDERS`. */
  readonly providers?: readonly ProviderFactory[] | undefined;
}

/**
 * LiteLLM's `config.yaml` and what it includes. Provider packages are looked for beside it, then in the working directory.
 * Throws a `StartError` with a line for each fault, with file, line and key.
 */
export async function loadConfig({ path, environment, providers }: ConfigSources): Promise<ProxyConfig> {
  const folders = [...new Set([resolve(dirname(path)), resolve(".")])];
  return toProxyConfig(await readConfigFiles(path), { environment, folders, providers });
}

/** What is served without a file: every model of the default host. Throws a `StartError` for a bad variable. */
export function defaultConfig(environment: Environment): ProxyConfig {
  return {
    engine: { routing: toRouting({}, environment), settings: environmentSettings(environment), cloudModels: false },
    server: toServer({}, environment),
    report: { findings: [] },
  };
}
