import { z } from "zod";
import type { Finding } from "../proxy-config.ts";

/** What becomes of a key that stands in a file. */
export type Fate = Pick<Finding, "kind" | "message">;

/** Decides by what the key is set to. */
export type Judge = (value: unknown, key: string) => Fate;

/** A schema in here is one key of the report; a map or list that is not is looked into. */
export const fates: z.core.$ZodRegistry<{ judge: Judge }> = z.registry();

export const HONOURED: Fate = { kind: "honoured" };
export const asIgnored = (message: string): Fate => ({ kind: "ignored", message });
export const asChanged = (message: string): Fate => ({ kind: "changed", message });

/** A key that means what it means to LiteLLM, or is our own. */
export function honoured<Schema extends z.ZodType>(schema: Schema, description: string): z.ZodOptional<Schema> {
  return judged(schema, description, () => HONOURED);
}

/** A key whose effect is another one here: `message` says which. */
export function changed<Schema extends z.ZodType>(schema: Schema, message: string): z.ZodOptional<Schema> {
  return judged(schema, `Changed: ${message}`, (value) => (isOff(value) ? HONOURED : asChanged(message)));
}

export type Ignored = z.ZodOptional<z.ZodUnknown>;

/** A key without effect: `message` says what happens instead. What is switched off there is off here too. */
export function ignored(message: string): Ignored {
  return judged(z.unknown(), `Ignored: ${message}`, (value) => (isOff(value) ? HONOURED : asIgnored(message)));
}

/** A key that has one value here, whatever it says: another is told of. */
export function always(value: boolean, message: string): z.ZodOptional<z.ZodUnknown> {
  const judge: Judge = (given) => (String(given).toLowerCase() === String(value) ? HONOURED : asChanged(message));
  return judged(z.unknown(), message, judge);
}

/** Keys that share a reason. */
export function ignoredKeys<const Key extends string>(message: string, ...keys: readonly Key[]): Record<Key, Ignored> {
  // Every key of the record is one of `keys`.
  return Object.fromEntries(keys.map((key) => [key, ignored(message)])) as Record<Key, Ignored>;
}

export function judged<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  judge: Judge,
): z.ZodOptional<Schema> {
  return withFate(schema.optional(), description, judge);
}

/** As `honoured`, for what must be there. */
export function required<Schema extends z.ZodType>(schema: Schema, description: string): Schema {
  return withFate(schema, description, () => HONOURED);
}

function withFate<Schema extends z.ZodType>(schema: Schema, description: string, judge: Judge): Schema {
  const key = schema.meta({ description });
  fates.add(key, { judge });
  return key;
}

/** A map of keys. Unknown ones are kept, for the report. */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  return z.looseObject(shape, "must be a map");
}

function isOff(value: unknown): boolean {
  if (value === false || value === "") return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

export const text: z.ZodType<string> = z.string("must be a text").min(1, "must not be empty");
export const texts: z.ZodType<readonly string[]> = z.array(text, "must be a list of texts");
export const headers: z.ZodType<Readonly<Record<string, string>>> = z.record(
  z.string(),
  z.string("must be a text"),
  "must be a map of texts",
);

/** Values of environment variables are always texts, and people quote numbers. */
export const number: z.ZodType<number> = z.preprocess(
  toNumber,
  z.number("must be a number").min(0, "must not be negative"),
);
export const wholeNumber: z.ZodType<number> = z.preprocess(
  toNumber,
  z.int("must be a whole number").min(0, "must not be negative"),
);
export const seconds: z.ZodType<number> = z.preprocess(
  toNumber,
  z.number("must be a number of seconds").min(0, "must not be negative"),
);
/** Of which 0 would mean that nothing ever answers. */
export const timeLimit: z.ZodType<number> = z.preprocess(
  toNumber,
  z.number("must be a number of seconds").positive("must be more than 0"),
);
export const flag: z.ZodType<boolean> = z.preprocess((value) => {
  const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  return word === "true" || word === "false" ? word === "true" : value;
}, z.boolean("must be true or false"));

function toNumber(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}
