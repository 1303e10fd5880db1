import type { JsonObject, ResponseFormat, ToolDefinition } from "@llamaduct/core";
import { toGrammarSchema } from "./to-grammar-schema.ts";
import { toParameters } from "./to-parameters.ts";

export interface GrammarOptions {
  /** The tools that may be called, with their places in the request. */
  readonly tools: readonly { readonly tool: ToolDefinition; readonly index: number }[];
  /** Whether the model may answer instead of calling. */
  readonly mayAnswer: boolean;
  readonly oneCall: boolean;
  readonly responseFormat: ResponseFormat | undefined;
}

/**
 * The schema of a reply: `{"answer": …}` or `{"tool_calls": [{"name", "arguments"}]}`. The first key tells which, and
 * `name` stands before `arguments`, so that a reader can pass both on while they are generated.
 */
export function toGrammar({ tools, mayAnswer, oneCall, responseFormat }: GrammarOptions): JsonObject {
  const definitions: Record<string, JsonObject> = {};
  const calls = tools.map(({ tool, index }) => {
    const setting = `tools.${index}.parameters`;
    const parameters = toParameters(tool, setting);
    return strictObject({
      name: { type: "string", enum: [tool.name] },
      arguments: toGrammarSchema(parameters, { prefix: `tool${index}`, setting, definitions }),
    });
  });
  const [only, ...others] = calls;
  const reply = strictObject({
    tool_calls: {
      type: "array",
      items: only !== undefined && others.length === 0 ? only : { anyOf: calls },
      minItems: 1,
      ...(oneCall && { maxItems: 1 }),
    },
  });
  const schema = mayAnswer
    ? { anyOf: [strictObject({ answer: toAnswer(responseFormat, definitions) }), reply] }
    : reply;
  return Object.keys(definitions).length === 0 ? schema : { ...schema, $defs: definitions };
}

function toAnswer(format: ResponseFormat | undefined, definitions: Record<string, JsonObject>): JsonObject {
  if (format?.type !== "json") return { type: "string" };
  if (format.schema === undefined) return { type: "object" };
  return toGrammarSchema(format.schema, { prefix: "answer", setting: "responseFormat.schema", definitions });
}

function strictObject(properties: JsonObject): JsonObject {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
