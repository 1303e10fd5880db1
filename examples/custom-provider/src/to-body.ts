import {
  type AssistantContent,
  type ChatRequest,
  type JsonObject,
  type JsonValue,
  type Message,
  ProviderError,
  type SettingName,
  type ToolChoice,
  type ToolDefinition,
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
  const { messages, settings = {}, tools = [], toolChoice, responseFormat, reasoning, extra = {} } = request;
  if (messages.length === 0) throw invalid("messages", "A chat needs at least one message.");
  if (responseFormat?.type === "json") throw unsupported("responseFormat", "a response format");
  const fields = {
    model: modelId,
    messages: messages.map(toMessage),
    ...(tools.length > 0 && { tools: tools.map(toTool), tool_choice: toChoice(toolChoice) }),
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
      ...(reasoning === undefined ? [] : [{ setting: "reasoning", message: "acme has no levels of reasoning." }]),
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
      return { role: "assistant", content: joined(message.content), ...toCalls(message.content) };
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: message.content };
  }
}

function toCalls(content: readonly AssistantContent[]): JsonObject {
  const calls = content.filter((part) => part.type === "tool-call");
  if (calls.length === 0) return {};
  return {
    tool_calls: calls.map(({ id, name, arguments: text }) => ({
      id,
      type: "function",
      function: { name, arguments: text },
    })),
  };
}

function toTool({ name, description, parameters }: ToolDefinition): JsonObject {
  return { type: "function", function: withoutUndefined({ name, description, parameters }) };
}

function toChoice(choice: ToolChoice | undefined): JsonValue | undefined {
  return typeof choice === "object" ? { type: "function", function: { name: choice.name } } : choice;
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
  return new ProviderError({ code: "unsupported", message: `acme does not take ${what}.`, setting });
}
