import type { JsonObject, JsonValue } from "@llamaduct/core";
import { z } from "zod";
import { dropSchema } from "./apply-drop-params.ts";
import { chatSchema } from "./chat-request-schema.ts";
import { completionSchema } from "./decode-completion-request.ts";
import { embeddingSchema } from "./decode-embedding-request.ts";

/** OpenAPI 3.1's `components` for the requests that the decoders take and the answers that the converters make. */
export function openapiComponents(): JsonObject {
  return {
    schemas: {
      CreateChatCompletionRequest: requestSchema(chatSchema),
      CreateCompletionRequest: requestSchema(completionSchema),
      CreateEmbeddingRequest: requestSchema(embeddingSchema),
      ChatCompletion: answer("chat.completion", { id: text, created: count, model: text, choices: list(object) }),
      Completion: answer("text_completion", { id: text, created: count, model: text, choices: list(object) }),
      EmbeddingList: answer("list", { data: list(object), model: text, usage: object }),
      Model: answer("model", { id: text, created: count, owned_by: text }),
      ModelList: answer("list", { data: list(reference("Model")) }),
      Error: record({
        error: record({ message: text, type: text, param: { type: ["string", "null"] }, code: text }),
      }),
    },
  };
}

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const object = { type: "object" } as const;

function requestSchema(schema: z.ZodType): JsonObject {
  const { properties = {}, required = [] } = toJsonSchema(schema);
  return { type: "object", properties: { ...properties, ...toJsonSchema(dropSchema).properties }, required };
}

interface ObjectSchema {
  readonly properties?: JsonObject;
  readonly required?: readonly string[];
}

function toJsonSchema(schema: z.ZodType): ObjectSchema {
  const converted = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // What is checked by code of ours is an object each time.
      if (zodSchema._zod.def.type === "custom") jsonSchema.type = "object";
    },
  });
  // JSON Schema is JSON, and each of these schemas is an object's.
  return converted as ObjectSchema;
}

function answer(name: string, properties: JsonObject): JsonObject {
  return record({ object: { type: "string", const: name }, ...properties });
}

function record(properties: JsonObject): JsonObject {
  return { type: "object", properties, required: Object.keys(properties) };
}

function list(items: JsonValue): JsonObject {
  return { type: "array", items };
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}
