import {
  type ChatRequest,
  type JsonObject,
  type JsonValue,
  type Message,
  ProviderError,
  type SettingName,
  type Warning,
} from "@llamaduct/core";

/** The settings that the upstream has. Core warns about the others. */
export const SETTINGS: readonly SettingName[] = ["maxOutputTokens", "temperature", "topP", "seed", "stop"];

/**
 * A request as the upstream takes it. What changes the meaning of a request and cannot be sent is refused by name, here,
 * before the upstream is asked; what is only lost is a warning.
 */
export function toBody(
  modelId: string,
  request: ChatRequest,
): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const { messages, settings = {}, tools = [], responseFormat, reasoning, extra = {} } = request;
  if (messages.length === 0) throw invalid("messages", "A chat needs at least one message.");
  if (tools.length > 0) throw unsupported("tools", "tools");
  if (responseFormat?.type === "json") throw unsupported("responseFormat", "a response format");
  const fields = {
    model: modelId,
    messages: messages.map(toMessage),
    max_tokens: settings.maxOutputTokens,
    temperature: settings.temperature,
    top_p: settings.topP,
    seed: settings.seed,
    stop: settings.stop,
    stream: true,
    stream_options: { include_usage: true },
  };
  return {
    // Extras are sent as the caller spelt them, never over the fields above.
    body: { ...extra, ...withoutUndefined(fields) },
    warnings: [
      ...(reasoning === undefined ? [] : [{ setting: "reasoning", message: "__name__ has no levels of reasoning." }]),
    ],
  };
}

function toMessage(message: Message): JsonObject {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.content };
    case "user":
      if (message.content.some(({ type }) => type === "image")) throw unsupported("messages", "images");
      return { role: "user", content: joined(message.content) };
    case "assistant":
      return { role: "assistant", content: joined(message.content) };
    case "tool":
      throw unsupported("tools", "tools");
  }
}

function joined(parts: readonly { readonly type: string; readonly text?: string }[]): string {
  return parts.flatMap(({ type, text }) => (type === "text" && text !== undefined ? [text] : [])).join("\n");
}

function withoutUndefined(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const entries = Object.entries(fields).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}

function unsupported(setting: string, what: string): ProviderError {
  return new ProviderError({ code: "unsupported", message: `__name__ does not take ${what}.`, setting });
}
