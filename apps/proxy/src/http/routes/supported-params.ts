import type { JsonObject } from "@llamaduct/core";
import { openapiComponents } from "@llamaduct/openai-dialect";

/** What a chat request may say beside its model and messages. What a model's provider cannot send is told in the answer. */
export function supportedParams(): readonly string[] {
  // As the dialect's own schemas have it.
  const { schemas } = openapiComponents() as unknown as Components;
  const isKnown = ([name, { type }]: [string, JsonObject]) =>
    type !== "null" && name !== "model" && name !== "messages";
  return Object.entries(schemas.CreateChatCompletionRequest.properties)
    .filter(isKnown)
    .map(([name]) => name);
}

interface Components {
  readonly schemas: {
    readonly CreateChatCompletionRequest: { readonly properties: Readonly<Record<string, JsonObject>> };
  };
}
