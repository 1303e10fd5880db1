import { ProviderError } from "@llamaduct/core";
import type {
  ChatCompletion,
  ChatCompletionChoice,
  ChatCompletionMessage,
  ResponseFormatParam,
} from "@llamaduct/openai-dialect";

/**
 * A schema that checks values and can say itself as JSON Schema, of any library: Standard Schema
 * (https://standardschema.dev) and Standard JSON Schema together. zod ≥ 4.2 and ArkType have both.
 */
export interface OutputSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => Verdict<Output> | Promise<Verdict<Output>>;
    readonly jsonSchema: { readonly input: (options: { readonly target: "draft-07" }) => Record<string, unknown> };
  };
}

type Verdict<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** What a schema makes of an answer. */
export type AnswerOf<Schema extends OutputSchema> = NonNullable<Schema["~standard"]["types"]>["output"];

/** A chat completion whose messages have their object as `parsed`; `null` where a tool was called instead. */
export type ParsedCompletion<Output> = Omit<ChatCompletion, "choices"> & {
  readonly choices: (Omit<ChatCompletionChoice, "message"> & {
    readonly message: ChatCompletionMessage & { readonly parsed: Output | null };
  })[];
};

export function isOutputSchema(value: unknown): value is OutputSchema {
  // Schemas of ArkType are functions.
  return (typeof value === "object" || typeof value === "function") && value !== null && "~standard" in value;
}

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
