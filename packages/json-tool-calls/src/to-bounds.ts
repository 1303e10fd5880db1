import type { JsonObject, JsonValue } from "@llamaduct/core";

/**
 * The bounds of a schema that grammar compilers take. The others end servers of 2026, or keep them busy until they are
 * killed: numbers of more than 15 digits, negative or large counts, and a pair with nothing between them.
 */
export function toBounds(schema: JsonObject): JsonObject {
  const numbers = pick(schema, ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"], isNumber);
  const lengths = pick(schema, ["minLength", "maxLength"], isCount);
  const items = pick(schema, ["minItems", "maxItems"], isCount);
  return {
    ...(hasInteger(numbers) && numbers),
    ...(isRange(lengths["minLength"], lengths["maxLength"]) && lengths),
    ...(isRange(items["minItems"], items["maxItems"]) && items),
  };
}

type Bounds = Readonly<Record<string, number>>;
const MAX_NUMBER = 1e15;
/** A compiler writes a count out as that many rules; some thousand of them are too many for it. */
const MAX_COUNT = 256;

function pick(schema: JsonObject, keys: readonly string[], isTaken: (value: JsonValue) => value is number): Bounds {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = schema[key];
      return value !== undefined && isTaken(value) ? [[key, value] as const] : [];
    }),
  );
}

function isNumber(value: JsonValue): value is number {
  return typeof value === "number" && Math.abs(value) < MAX_NUMBER;
}

function isCount(value: JsonValue): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_COUNT;
}

function isRange(lower = 0, upper = MAX_COUNT): boolean {
  return lower <= upper;
}

/** Compilers look at the bounds of integers only. */
function hasInteger({
  minimum = -MAX_NUMBER,
  exclusiveMinimum = -MAX_NUMBER,
  maximum = MAX_NUMBER,
  exclusiveMaximum = MAX_NUMBER,
}: Bounds): boolean {
  const lower = Math.max(Math.ceil(minimum), Math.floor(exclusiveMinimum) + 1);
  const upper = Math.min(Math.floor(maximum), Math.ceil(exclusiveMaximum) - 1);
  return lower <= upper;
}
