import type { JsonObject, JsonValue } from "@llamaduct/core";

/**
 * The bounds of a schema that engines take. The others end real servers, or keep them busy until they are
 * killed: numbers of more than 15 digits, negative or large counts, and a pair with nothing between them.
 */
export function toBounds(schema: JsonObject): JsonObject {
  const numbers = pick(schema, NUMBERS, isNumber);
  const lengths = pick(schema, LENGTHS, isCount);
  const items = pick(schema, ITEMS, isCount);
  return {
    ...(hasInteger(numbers) && numbers),
    ...(isRange(lengths["minLength"], lengths["maxLength"]) && lengths),
    ...(isRange(items["minItems"], items["maxItems"]) && items),
  };
}

const NUMBERS = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];
const LENGTHS = ["minLength", "maxLength"];
const ITEMS = ["minItems", "maxItems"];
export const BOUNDS: ReadonlySet<string> = new Set([...NUMBERS, ...LENGTHS, ...ITEMS]);

type Bounds = Readonly<Record<string, number>>;
const MAX_NUMBER = 1e15;
/** Counts are unrolled: some 2000 are refused, or end the engine. */
const MAX_COUNT = 1000;

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

/** Engines look at the bounds of integers only. */
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
