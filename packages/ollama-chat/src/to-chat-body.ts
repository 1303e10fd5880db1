import {
  type Capabilities,
  type ChatRequest,
  type ImagePart,
  type JsonObject,
  type Message,
  ProviderError,
  type TextPart,
  type ToolDefinition,
  type Warning,
} from "@llamaduct/core";
import {
  type ChatBody,
  type ChatMessage,
  type FunctionCall,
  type PlacedExtras,
  type ToolDeclaration,
  toRequestFields,
} from "@llamaduct/ollama-host";

export interface ChatBodyOptions {
  readonly capabilities: Capabilities;
  /** The request's, placed; `undefined` when it has none. */
  readonly extras: PlacedExtras | undefined;
}

export interface ConvertedChat {
  readonly body: ChatBody;
  readonly warnings: readonly Warning[];
}

/**
 * A request as `POST /api/chat` takes it, by what is known of the model. Throws `invalid_value` or `unsupported`, naming the field, for what would
 * mean something else on the wire.
 */
export function toChatBody(
  modelId: string,
  request: ChatRequest,
  { capabilities, extras }: ChatBodyOptions,
): ConvertedChat {
  const { messages, tools, toolChoice } = request;
  // Ollama takes an empty conversation for "load the model" and answers at once with nothing.
  if (messages.length === 0) throw invalid("messages", "A chat needs at least one message.");
  if (toolChoice === "required" || typeof toolChoice === "object") {
    const message = "Ollama cannot be made to call a tool.";
    throw new ProviderError({ code: "unsupported", message, setting: "toolChoice" });
  }
  const { fields, warnings } = toRequestFields(request, { capabilities, extras });
  const offersTools = tools !== undefined && tools.length > 0 && toolChoice !== "none";
  const keepsThinking = capabilities.reasoning !== "none";
  return {
    body: {
      model: modelId,
      messages: messages.map((message, index) => toChatMessage(message, { index, keepsThinking })),
      ...(offersTools && { tools: tools.map(toToolDeclaration) }),
      ...fields,
      stream: true,
    },
    warnings: [
      ...warnings,
      ...messages.flatMap((message, index) => limits(message, { index, keepsThinking })),
      ...(offersTools && request.parallelToolCalls === false
        ? [{ setting: "parallelToolCalls", message: "Ollama cannot be told to make one call at a time." }]
        : []),
    ],
  };
}

interface MessageContext {
  readonly index: number;
  /** A template that has no place for thinking would leave it out, or stumble over it. */
  readonly keepsThinking: boolean;
}

function limits(message: Message, { index, keepsThinking }: MessageContext): Warning[] {
  const warnings: Warning[] = [];
  if ("name" in message && message.role !== "tool" && message.name !== undefined)
    warnings.push({ setting: `messages.${index}.name`, message: "Ollama's messages have no names." });
  if (!keepsThinking && message.role === "assistant" && message.content.some(({ type }) => type === "reasoning"))
    warnings.push({
      setting: `messages.${index}.reasoning_content`,
      message: "This model does not support reasoning: that of earlier turns is left out.",
    });
  return warnings;
}

function toChatMessage(message: Message, { index, keepsThinking }: MessageContext): ChatMessage {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.content };
    case "user": {
      const images = message.content.filter((part): part is ImagePart => part.type === "image");
      return {
        role: "user",
        content: joinText(message.content),
        ...(images.length > 0 && { images: images.map((image) => image.data) }),
      };
    }
    case "assistant": {
      const thinking = message.content.flatMap((part) => (part.type === "reasoning" ? [part.text] : [])).join("");
      const calls = message.content.flatMap((part) =>
        part.type === "tool-call"
          ? [{ id: part.id, function: { name: part.name, arguments: toArguments(part.arguments, index) } }]
          : [],
      );
      return {
        role: "assistant",
        content: joinText(message.content),
        ...(thinking !== "" && keepsThinking && { thinking }),
        ...(calls.length > 0 && { tool_calls: calls }),
      };
    }
    case "tool":
      return { role: "tool", content: message.content, tool_name: message.name, tool_call_id: message.callId };
  }
}

/** One message per turn: split over several, chat templates that want roles to alternate fail. */
function joinText(parts: readonly { readonly type: string; readonly text?: string }[]): string {
  return parts
    .filter((part): part is TextPart => part.type === "text")
    .map((part) => part.text)
    .join("\n");
}

/** Ollama wants an object where OpenAI has text. */
function toArguments(text: string, index: number): FunctionCall["arguments"] {
  if (text.trim() === "") return {};
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalid(`messages.${index}.tool_calls`, "The arguments of an earlier tool call are not a JSON object.");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toToolDeclaration({ name, description, parameters }: ToolDefinition): ToolDeclaration {
  return {
    type: "function",
    function: {
      name,
      ...(description !== undefined && { description }),
      // Without these a tool that takes nothing is never called (B11).
      parameters: { type: "object", properties: {}, ...parameters },
    },
  };
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}
