import { distance } from "fastest-levenshtein";
import { z } from "zod";
import type { YamlPath } from "./parse-yaml.ts";
import { asIgnored, type Fate, fates } from "./schema/config-key.ts";

/** What becomes of one key, before anyone knows where it stands. */
export interface KeyFinding extends Fate {
  readonly keys: YamlPath;
}

/** A finding for each key of a value that fits the schema, as it was before parsing: in the file's order. */
export function toFindings(schema: z.ZodType, value: unknown): readonly KeyFinding[] {
  return [...walk(schema, value, [])];
}

function* walk(given: z.ZodType, value: unknown, keys: YamlPath): Generator<KeyFinding> {
  if (value === undefined) return;
  const judge = fates.get(given)?.judge;
  const schema = toInner(given, value);
  if (judge !== undefined) {
    yield { keys, ...judge(given.parse(value), String(keys.at(-1))) };
  } else if (schema !== given) {
    yield* walk(schema, value, keys);
  } else if (schema instanceof z.ZodArray) {
    for (const [index, item] of (value as readonly unknown[]).entries())
      yield* walk(schema.element as z.ZodType, item, [...keys, index]);
  } else if (schema instanceof z.ZodRecord) {
    for (const [key, item] of Object.entries(value as object))
      yield* walk(schema.valueType as z.ZodType, item, [...keys, key]);
  } else if (schema instanceof z.ZodObject) {
    yield* walkObject(schema, value as object, keys);
  }
}

function* walkObject(schema: z.ZodObject, value: object, keys: YamlPath): Generator<KeyFinding> {
  const { shape } = schema;
  const { catchall } = schema.def;
  for (const [key, item] of Object.entries(value)) {
    if (Object.hasOwn(shape, key)) yield* walk(shape[key] as z.ZodType, item, [...keys, key]);
    else if (catchall !== undefined && fates.has(catchall as z.ZodType))
      yield* walk(catchall as z.ZodType, item, [...keys, key]);
    else yield { keys: [...keys, key], ...unknownKey(key, Object.keys(shape)) };
  }
}

/** What a schema is without its wrappers; of several, the one that the value fits. */
function toInner(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional) return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodPipe) return schema.out as z.ZodType;
  if (!(schema instanceof z.ZodUnion)) return schema;
  const options = schema.options as readonly z.ZodType[];
  return options.find((option) => option.safeParse(value).success) ?? schema;
}

function unknownKey(key: string, known: readonly string[]): Fate {
  const [near] = known
    .map((name) => ({ name, apart: distance(name, key) }))
    .filter(({ name, apart }) => apart <= Math.max(1, name.length / 4))
    .sort((a, b) => a.apart - b.apart);
  return asIgnored(`Nobody reads this key.${near === undefined ? "" : ` Did you mean "${near.name}"?`}`);
}
