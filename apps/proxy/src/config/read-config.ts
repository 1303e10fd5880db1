import { StartError } from "../cli/start-error.ts";
import { type Config, configSchema, KNOWN_KEYS } from "./config-schema.ts";
import { type ParsedYaml, parseYaml, type YamlPath } from "./parse-yaml.ts";

export interface ConfigFile {
  readonly config: Config;
  /** What the file asks for and does not get, a sentence each, with file, line and key. */
  readonly warnings: readonly string[];
  readonly where: ParsedYaml["where"];
}

export interface ConfigSource {
  /** For messages. */
  readonly path: string;
  readonly text: string;
  /** Where `os.environ/NAME` values come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Parses LiteLLM's YAML, fills in `os.environ/NAME`, checks it and reports unknown keys. Throws a `StartError` that has a
 * line for each fault, with file, line and key.
 */
export function readConfig({ path, text, environment }: ConfigSource): ConfigFile {
  const { value, where } = parseYaml(path, text);
  const warnings: string[] = [];
  const missing = (keys: YamlPath, name: string) => {
    const sentence = `${where(keys)}: the environment variable ${name} is not set`;
    // Without its key a server would be open to everyone: better not to start.
    if (keys.join(".") === "general_settings.master_key") throw new StartError(`${sentence}.`);
    warnings.push(`${sentence}; the key counts as absent.`);
  };
  const parsed = configSchema.safeParse(fillEnvironment(value ?? {}, [], { environment, missing }));
  if (!parsed.success)
    throw new StartError(parsed.error.issues.map((issue) => `${where(issue.path)} ${issue.message}.`).join("\n"));
  for (const keys of unknownKeys(parsed.data)) warnings.push(`${where(keys)} has no effect yet.`);
  return { config: parsed.data, warnings, where };
}

interface Filling {
  readonly environment: ConfigSource["environment"];
  readonly missing: (keys: YamlPath, name: string) => void;
}

const REFERENCE = "os.environ/";

/** Whole values only: LiteLLM does not interpolate inside a text either. */
function fillEnvironment(value: unknown, keys: YamlPath, filling: Filling): unknown {
  if (typeof value === "string" && value.startsWith(REFERENCE)) {
    const name = value.slice(REFERENCE.length);
    const found = filling.environment[name] || undefined;
    if (found === undefined) filling.missing(keys, name);
    return found;
  }
  if (Array.isArray(value)) return value.map((item, index) => fillEnvironment(item, [...keys, index], filling));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, fillEnvironment(inner, [...keys, key], filling)]);
  return Object.fromEntries(entries);
}

function* unknownKeys(config: Config): Generator<YamlPath> {
  const unknown = (value: object, known: readonly string[]) => Object.keys(value).filter((key) => !known.includes(key));
  for (const key of unknown(config, KNOWN_KEYS.file)) yield [key];
  for (const key of unknown(config.general_settings ?? {}, KNOWN_KEYS.general)) yield ["general_settings", key];
  for (const [index, entry] of (config.model_list ?? []).entries())
    for (const key of unknown(entry, KNOWN_KEYS.entry)) yield ["model_list", index, key];
}
