import fc from "fast-check";

/** What OpenAPI 3.1 says of a value, as far as ours says it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export type Components = Readonly<Record<string, Schema>>;

/** Values that a schema allows, and one in ten that are anything at all, at any depth. */
export function arbitraryJson(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fitting(schema, components) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function fitting(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (schema.$ref !== undefined)
    return arbitraryJson(components[schema.$ref.split("/").at(-1) ?? ""] ?? {}, components);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  // Requirements beside properties are alternatives of ours, too: of them the properties make what there is to make.
  if (alternatives !== undefined && schema.properties === undefined)
    return fc.oneof(...alternatives.map((alternative) => arbitraryJson(alternative, components)));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.length === 0 ? fc.jsonValue() : fc.oneof(...types.map((type) => ofType(type, schema, components)));
}

function ofType(type: string, schema: Schema, components: Components): fc.Arbitrary<unknown> {
  switch (type) {
    case "object":
      return object(schema, components);
    case "array":
      return fc.array(arbitraryJson(schema.items ?? {}, components), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case "string":
      return fc.string({ unit: "binary", minLength: schema.minLength ?? 0 });
    case "integer":
      return fc.integer({ min: Math.max(schema.minimum ?? -1000, -1000), max: Math.min(schema.maximum ?? 1000, 1000) });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    default:
      return fc.constant(null);
  }
}

function object({ properties = {}, required = [] }: Schema, components: Components): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(
    ([name, schema]) => [name, arbitraryJson(schema, components)] as const,
  );
  if (members.length === 0) return fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 });
  const optional = fc.subarray(Object.keys(properties).filter((name) => !required.includes(name)));
  return fc
    .tuple(fc.record(Object.fromEntries(members)), optional)
    .map(([all, names]) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => [...required, ...names].includes(name))),
    );
}
