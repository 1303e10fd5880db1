import {
  type ChatRequest,
  type ImagePart,
  type JsonObject,
  type JsonValue,
  type Message,
  ProviderError,
  type ResponseFormat,
  type TextPart,
  type ToolChoice,
  type ToolDefinition,
  type Warning,
} from "@llamaduct/core";
import { toRequestFields, toSettingFields } from "./to-request-fields.ts";
import type { Server } from "./to-server.ts";

export interface ConvertedRequest {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

/** A request as `POST /chat/completions` takes it. */
export function toChatBody(
  modelId: string,
  request: ChatRequest,
  { isOpenAI }: Pick<Server, "isOpenAI">,
): ConvertedRequest {
  const { messages, tools = [], toolChoice, parallelToolCalls, settings, reasoning, responseFormat } = request;
  if (messages.length === 0)
    throw new ProviderError({
      code: "invalid_value",
      message: "A chat needs at least one message.",
      setting: "messages",
    });
  // Tools that must not be called are not offered: there are servers that do not know `tool_choice`.
  const offersTools = tools.length > 0 && toolChoice !== "none";
  const { max_tokens, ...sampling } = toSettingFields(settings);
  return toRequestFields(request, {
    own: {
      model: modelId,
      messages: messages.map(toWireMessage),
      ...(offersTools && {
        tools: tools.map(toWireTool),
        tool_choice: toWireChoice(toolChoice),
        parallel_tool_calls: parallelToolCalls,
      }),
      response_format: toWireFormat(responseFormat),
      reasoning_effort: toWireEffort(reasoning),
      ...sampling,
      // OpenAI's reasoning models know only the new name, many other servers only the old one.
      [isOpenAI ? "max_completion_tokens" : "max_tokens"]: max_tokens,
      ...(settings?.logprobs !== undefined && { logprobs: true, top_logprobs: settings.logprobs }),
      stream: true,
      stream_options: { include_usage: true },
    },
    warnings:
      reasoning === true
        ? [
            {
              setting: "reasoning",
              message: "An OpenAI-compatible server takes a level of effort; it decides by itself.",
            },
          ]
        : [],
  });
}

function toWireMessage(message: Message): JsonObject {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.content };
    case "user":
      return { role: "user", content: toWireContent(message.content), ...withName(message.name) };
    case "assistant": {
      const { content } = message;
      const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
      const reasoning = content.flatMap((part) => (part.type === "reasoning" ? [part.text] : [])).join("");
      const calls = content.flatMap((part) =>
        part.type === "tool-call"
          ? [{ id: part.id, type: "function", function: { name: part.name, arguments: part.arguments } }]
          : [],
      );
      return {
        role: "assistant",
        content: texts.length === 0 && calls.length > 0 ? null : texts.join("\n"),
        ...(reasoning !== "" && { reasoning_content: reasoning }),
        ...(calls.length > 0 && { tool_calls: calls }),
        ...withName(message.name),
      };
    }
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: message.content };
  }
}

/** Text alone as a string, which every server takes. */
function toWireContent(parts: readonly (TextPart | ImagePart)[]): JsonValue {
  const [first] = parts;
  if (parts.length === 1 && first?.type === "text") return first.text;
  return parts.map((part) =>
    part.type === "text"
      ? { type: "text", text: part.text }
      : { type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.data}` } },
  );
}

function withName(name: string | undefined): JsonObject {
  return name === undefined ? {} : { name };
}

function toWireTool({ name, description, parameters }: ToolDefinition): JsonObject {
  return { type: "function", function: { name, ...(description !== undefined && { description }), parameters } };
}

function toWireChoice(choice: ToolChoice | undefined): JsonValue | undefined {
  return typeof choice === "object" ? { type: "function", function: { name: choice.name } } : choice;
}

/** `true` leaves the level to the server, which has no way to be told just that. */
function toWireEffort(reasoning: ChatRequest["reasoning"]): string | undefined {
  if (reasoning === false) return "none";
  return reasoning === true ? undefined : reasoning;
}

function toWireFormat(format: ResponseFormat | undefined): JsonObject | undefined {
  if (format?.type !== "json") return undefined;
  const { schema, strict } = format;
  if (schema === undefined) return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: "answer", schema, ...(strict !== undefined && { strict }) } };
}
