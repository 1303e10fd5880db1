import { randomBytes } from "node:crypto";
import type { Surroundings } from "../cli/surroundings.ts";
import type { ServerConfig } from "../config/proxy-config.ts";
import { mayBeOpen } from "./listen-address.ts";

type Environment = Surroundings["environment"];

/** In the environment, since every worker and every reload must have the same key. */
const VARIABLE = "LLAMADUCT_GENERATED_KEY";

/** With a key for whom has none; the first process's where there are several. */
export function withGeneratedKey(environment: Environment): Environment {
  return { [VARIABLE]: `sk-${randomBytes(24).toString("hex")}`, ...environment };
}

/** What has to be told to workers: they are started with the variables that this process was started with. */
export function forWorkers({ [VARIABLE]: key }: Environment): Readonly<Record<string, string>> {
  return key === undefined ? {} : { [VARIABLE]: key };
}

/** The same with the generated key as master key, unless it has a key of any kind, or may do without. */
export function withAnyKey(server: ServerConfig, environment: Environment): ServerConfig {
  const { masterKey = environment[VARIABLE], keys = [] } = server;
  if (masterKey === undefined || keys.length > 0 || mayBeOpen(server, environment)) return server;
  return { ...server, masterKey };
}

/** The generated key where it is in force: nobody knows it yet. */
export function newKey({ masterKey }: ServerConfig, environment: Environment): string | undefined {
  return masterKey === environment[VARIABLE] ? masterKey : undefined;
}
