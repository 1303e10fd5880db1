import type { JsonObject, JsonValue } from "@llamaduct/core";
import { type Check, type CompileSchema, type Draft, loadCompiler } from "./compile-schema.ts";

/** What is wrong with an answer, as the end of a sentence that begins with "The answer"; `undefined`: nothing. */
export type Validate = (text: string) => string | undefined;

export interface Validators {
  /** Throws `invalid_value` for what is no schema. Without one, any JSON will do. */
  get(schema: JsonObject | undefined): Promise<Validate>;
}

const MAX_CACHED = 64;
/** Characters of JSON. A larger schema is compiled each time, so that a cache full of them cannot fill the memory. */
const MAX_CACHED_SCHEMA = 65_536;

/** Validators by schema. The first one loads Ajv; the latest ones are remembered. */
export function createValidators(): Validators {
  const compilers = new Map<Draft, Promise<CompileSchema>>();
  const latest = new Map<string, Validate>();

  async function compile(schema: JsonObject): Promise<Validate> {
    const draft = toDraft(schema);
    const compiler = compilers.get(draft) ?? loadCompiler(draft);
    compilers.set(draft, compiler);
    return toValidate((await compiler)(schema));
  }

  return {
    async get(schema) {
      if (schema === undefined) return toValidate(() => undefined);
      const key = JSON.stringify(schema);
      const validate = latest.get(key) ?? (await compile(schema));
      if (key.length > MAX_CACHED_SCHEMA) return validate;
      latest.delete(key);
      latest.set(key, validate);
      const [oldest] = latest.keys();
      if (latest.size > MAX_CACHED && oldest !== undefined) latest.delete(oldest);
      return validate;
    },
  };
}

function toValidate(check: Check): Validate {
  return (text) => {
    const value = parse(text);
    return value === undefined ? "is not JSON" : check(value);
  };
}

/** 2020-12 unless the schema says otherwise. Others than these two are invalid: Ajv does not know them here. */
function toDraft({ $schema }: JsonObject): Draft {
  return typeof $schema === "string" && $schema.includes("draft-07") ? "draft-07" : "2020-12";
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
