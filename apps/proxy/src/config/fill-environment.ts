import { isMapping } from "./is-mapping.ts";
import type { YamlPath } from "./parse-yaml.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface FilledIn {
  readonly value: Readonly<Record<string, unknown>>;
  /** The environment with what the file adds to it. */
  readonly environment: Environment;
  /** Places whose variable is not set: they are left out. */
  readonly missing: readonly MissingVariable[];
}

export interface MissingVariable {
  readonly keys: YamlPath;
  readonly name: string;
}

const REFERENCE = "os.environ/";

/**
 * Exports `environment_variables`, then puts variables in place of `os.environ/NAME`: whole values only, for LiteLLM does
 * not interpolate inside a text either. `null` means absent, and goes.
 */
export function fillEnvironment(value: Readonly<Record<string, unknown>>, given: Environment): FilledIn {
  const missing: MissingVariable[] = [];

  function lookUp(text: string, keys: YamlPath, environment: Environment): string | undefined {
    if (!text.startsWith(REFERENCE)) return text;
    const name = text.slice(REFERENCE.length);
    const found = environment[name] || undefined;
    if (found === undefined) missing.push({ keys, name });
    return found;
  }

  function fill(inner: unknown, keys: YamlPath, environment: Environment): unknown {
    if (typeof inner === "string") return lookUp(inner, keys, environment);
    if (Array.isArray(inner)) return inner.map((item, index) => fill(item, [...keys, index], environment));
    if (!isMapping(inner)) return inner ?? undefined;
    const entries = Object.entries(inner).map(([key, each]) => [key, fill(each, [...keys, key], environment)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
  }

  const variables = fill(value["environment_variables"], ["environment_variables"], given);
  const texts = Object.entries(isMapping(variables) ? variables : {}).map(([name, each]) => [name, String(each)]);
  const environment: Environment = { ...given, ...Object.fromEntries(texts) };
  const entries = Object.entries(value).map(([key, each]) =>
    key === "environment_variables" ? [key, variables] : [key, fill(each, [key], environment)],
  );
  return { value: Object.fromEntries(entries.filter(([, each]) => each !== undefined)), environment, missing };
}
