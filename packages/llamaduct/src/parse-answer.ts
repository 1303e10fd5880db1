import { ProviderError } from "@llamaduct/core";
import type { ChatCompletion, ResponseFormatParam } from "@llamaduct/openai-dialect";
import type { OutputSchema, ParsedCompletion } from "./output-schema.ts";

/** OpenAI's `response_format`, strict. Throws `invalid_value` for a schema that cannot say itself as JSON Schema. */
export function toResponseFormat(schema: OutputSchema): ResponseFormatParam {
  try {
    const { $schema, ...json } = schema["~standard"].jsonSchema.input({ target: "draft-07" });
    return { type: "json_schema", json_schema: { name: "answer", schema: json, strict: true } };
  } catch (cause) {
    const message = "response_format is a schema that gives no JSON Schema: its library may need a newer version.";
    throw new ProviderError({ code: "invalid_value", message, setting: "response_format", cause });
  }
}

/** Reads every choice by the schema. Throws `upstream_error` for a text that it refuses. */
export async function toParsed<Output>(
  completion: ChatCompletion,
  schema: OutputSchema<Output>,
): Promise<ParsedCompletion<Output>> {
  const choices = completion.choices.map(async (choice) => {
    const { content } = choice.message;
    const parsed = content === null ? null : await parse(content, schema);
    return { ...choice, message: { ...choice.message, parsed } };
  });
  return { ...completion, choices: await Promise.all(choices) };
}

async function parse<Output>(text: string, schema: OutputSchema<Output>): Promise<Output> {
  const verdict = await schema["~standard"].validate(toJson(text));
  if (verdict.issues === undefined) return verdict.value;
  const cause = new AggregateError(verdict.issues, "What the schema says of the answer.");
  throw misfit(cause);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw misfit(cause);
  }
}

function misfit(cause: unknown): ProviderError {
  const message = "The answer does not fit the schema of response_format.";
  return new ProviderError({ code: "upstream_error", message, setting: "response_format", cause });
}
