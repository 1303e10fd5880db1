import { type JsonObject, type JsonValue, ProviderError } from "@llamaduct/core";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import { createTimeLimit, isExhausted } from "./time-limit.ts";

/** What is wrong with a value, as the end of a sentence that begins with "The answer"; `undefined`: nothing. */
export type Check = (value: JsonValue) => string | undefined;

/** Throws `invalid_value` for what is no schema, or too much of one. */
export type CompileSchema = (schema: JsonObject) => Check;

export type Draft = "draft-07" | "2020-12";

const COMPILE_LIMIT_MS = 1000;
const CHECK_LIMIT_MS = 250;

const OPTIONS: Options = {
  // What Ajv does not know is an annotation: such keywords, and all formats, which come in a package of their own.
  strict: false,
  logger: false,
  // Else `required: ["constructor"]` is always met.
  ownProperties: true,
  // Takes longer than it saves on code that runs a few times.
  code: { optimize: false },
};

/** Loads Ajv. Nothing is ever fetched: a `$ref` to elsewhere makes a schema invalid. */
export async function loadCompiler(draft: Draft): Promise<CompileSchema> {
  const Ajv = draft === "draft-07" ? (await import("ajv")).Ajv : (await import("ajv/dist/2020.js")).Ajv2020;
  const withinLimit = createTimeLimit();
  // The schema of schemas is compiled now, once and without a limit: it takes longer than most callers' do.
  const meta = new Ajv(OPTIONS);
  meta.validateSchema({});

  function compile(schema: JsonObject): ValidateFunction {
    if (meta.validateSchema(schema) !== true) throw new Error(toSentence(meta.errors?.[0]));
    // An instance for each: one for all would keep every schema, and let one caller's `$id` answer another's `$ref`.
    return new Ajv({ ...OPTIONS, validateSchema: false }).compile(schema);
  }

  return ({ $async, ...schema }) => {
    const validate = orInvalid(() => withinLimit(COMPILE_LIMIT_MS, () => compile(schema)));
    const known = keysOf(schema);
    return (value) => {
      try {
        if (withinLimit(CHECK_LIMIT_MS, () => validate(value))) return undefined;
      } catch (error) {
        if (!isExhausted(error)) throw error;
        return `is too much to check against its schema within ${CHECK_LIMIT_MS} ms`;
      }
      // The last error is the outermost: "must match a schema in anyOf", not what one of its branches missed.
      return `breaks its schema at ${toSentence(validate.errors?.at(-1), known)}`;
    };
  };
}

function orInvalid(compile: () => ValidateFunction): ValidateFunction {
  try {
    return compile();
  } catch (error) {
    const reason = isExhausted(error) ? "it is too large" : error instanceof Error ? error.message : "unknown";
    throw new ProviderError({
      code: "invalid_value",
      message: `Answers cannot be validated against this schema: ${reason.slice(0, 200)}.`,
      setting: "responseFormat.schema",
      cause: error,
    });
  }
}

function toSentence(error: ErrorObject | undefined, known?: ReadonlySet<string>): string {
  const { instancePath = "", message = "is wrong" } = error ?? {};
  const path = known === undefined ? instancePath : maskPath(instancePath, known);
  return `${path === "" ? "its root" : path}: ${message.slice(0, 200)}`;
}

/** An open object's names are the model's own words, and an error says none of those. */
function maskPath(pointer: string, known: ReadonlySet<string>): string {
  const isIndex = (name: string) => /^\d{1,6}$/.test(name);
  const toName = (segment: string) => segment.replaceAll("~1", "/").replaceAll("~0", "~");
  return pointer
    .split("/")
    .map((segment, depth) => (depth === 0 || isIndex(segment) || known.has(toName(segment)) ? segment : "*"))
    .join("/");
}

/** Every key at any depth, names of properties among them. */
function keysOf(schema: JsonObject): ReadonlySet<string> {
  const keys = new Set<string>();
  JSON.stringify(schema, (key, value: unknown) => {
    keys.add(key);
    return value;
  });
  return keys;
}
