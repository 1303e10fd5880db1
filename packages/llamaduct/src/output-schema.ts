import type { ChatCompletion, ChatCompletionChoice, ChatCompletionMessage } from "@llamaduct/openai-dialect";

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
