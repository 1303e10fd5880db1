import { z } from "zod";
import { configSchema } from "./schema/config-schema.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of `config.yaml` for editors: `apps/proxy/config.schema.json`. */
export function toJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, {
    // The newest that editors read for YAML.
    target: "draft-07",
    unrepresentable: "any",
    override: ({ jsonSchema }) => allowTexts(jsonSchema),
  });
  const asText = { type: "string", pattern: "^(os\\.environ/.+|[0-9.]+|[Tt]rue|[Ff]alse)$" };
  return { $schema, title: "config.yaml of Llamaduct and LiteLLM", ...schema, definitions: { asText } };
}

/** Whatever is no text may come from the environment, which holds texts, or be quoted. */
function allowTexts(schema: z.core.JSONSchema.BaseSchema): void {
  delete schema.propertyNames;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  const { type, description, ...rest } = schema;
  if (type !== "number" && type !== "integer" && type !== "boolean") return;
  for (const key of Object.keys(schema)) delete schema[key];
  if (description !== undefined) schema.description = description;
  schema.anyOf = [{ type, ...rest }, { $ref: "#/definitions/asText" }];
}
