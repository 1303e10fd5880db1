import { expect, it } from "vitest";
import { chatFields } from "./chat-request-schema.ts";
import { openapiComponents } from "./openapi-components.ts";

// As the type beside it says.
const { schemas } = openapiComponents() as unknown as { schemas: Record<string, Schema> };
interface Schema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

it("has every field that a chat request is checked for, and those that are taken out before", () => {
  const names = Object.keys(schemas["CreateChatCompletionRequest"]?.properties ?? {});
  expect(names).toEqual(expect.arrayContaining([...chatFields, "drop_params", "additional_drop_params"]));
});

it("requires what the decoders require, and leaves room for a provider's own fields", () => {
  const required = Object.entries(schemas).map(([name, schema]) => [name, schema.required]);
  expect(Object.fromEntries(required)).toMatchObject({
    CreateChatCompletionRequest: ["model", "messages"],
    CreateCompletionRequest: ["model", "prompt"],
    CreateEmbeddingRequest: ["model", "input"],
    Error: ["error"],
  });
  expect(schemas["CreateChatCompletionRequest"]).not.toHaveProperty("additionalProperties");
});

it("says objects for what only code of ours can check", () => {
  const { logit_bias } = schemas["CreateChatCompletionRequest"]?.properties ?? {};
  expect(logit_bias).toEqual({ type: ["object", "null"] });
});

it("is JSON, and refers to nothing that is not there", () => {
  const written = JSON.stringify(openapiComponents());
  expect(JSON.parse(written)).toEqual(openapiComponents());
  for (const [, name = ""] of written.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(schemas).toHaveProperty(name);
  expect(written).not.toContain("$defs");
});
