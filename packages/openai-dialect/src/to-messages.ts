import type { AssistantContent, ImagePart, Message, TextPart } from "@llamaduct/core";
import type {
  AssistantMessageParam,
  ImagePartParam,
  MessageParam,
  RefusalPartParam,
  TextPartParam,
  ToolMessageParam,
  UserMessageParam,
} from "./chat-completion-request.ts";
import { invalidField } from "./field-error.ts";
import { present } from "./present.ts";
import { toImagePart, toImageParts } from "./to-image-part.ts";

/** OpenAI's messages to the contract's. A tool result learns its tool's name from the call it answers. */
export function toMessages(messages: readonly MessageParam[]): readonly Message[] {
  const toolNames = new Map<string, string>();
  return messages.map((message, index) => toMessage(message, `messages.${index}`, toolNames));
}

function toMessage(message: MessageParam, path: string, toolNames: Map<string, string>): Message {
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "system", content: toText(message.content) };
    case "user":
      return toUserMessage(message, path);
    case "assistant":
      for (const call of message.tool_calls ?? []) toolNames.set(call.id, call.function.name);
      return toAssistantMessage(message, path);
    case "tool":
      return toToolMessage(message, path, toolNames);
  }
}

function toUserMessage({ content, name, images }: UserMessageParam, path: string): Message {
  const parts =
    typeof content === "string"
      ? texts(content)
      : content.flatMap((part, index) => toUserParts(part, `${path}.content.${index}`));
  return present<Message>({ role: "user", content: [...parts, ...toImageParts(images, `${path}.images`)], name });
}

function toUserParts(part: TextPartParam | ImagePartParam, path: string): readonly (TextPart | ImagePart)[] {
  if (part.type === "text") return texts(part.text);
  const image = part.image_url;
  return [toImagePart(typeof image === "string" ? image : image.url, `${path}.image_url`)];
}

function toAssistantMessage(message: AssistantMessageParam, path: string): Message {
  const { content, refusal, tool_calls: calls, name } = message;
  const reasoning = message.reasoning_content || message.reasoning || message.thinking || "";
  const parts: AssistantContent[] = [];
  if (reasoning !== "") parts.push({ type: "reasoning", text: reasoning });
  parts.push(...texts(toText(content || refusal || "")));
  for (const call of calls ?? []) {
    parts.push({
      type: "tool-call",
      id: call.id,
      name: call.function.name,
      arguments: call.function.arguments || "{}",
    });
  }
  // An explicit `null` is how an answer without text looks when a client sends it back.
  if (parts.length === 0 && content === undefined) {
    throw invalidField(`${path}.content`, "is missing; an assistant message needs content or tool_calls");
  }
  return present<Message>({ role: "assistant", content: parts, name });
}

function toToolMessage(message: ToolMessageParam, path: string, toolNames: ReadonlyMap<string, string>): Message {
  const { tool_call_id: callId, content } = message;
  const name = toolNames.get(callId);
  if (name === undefined) throw invalidField(`${path}.tool_call_id`, "must answer a tool call of an earlier message");
  return { role: "tool", callId, name, content: toText(content) };
}

function toText(content: string | readonly (TextPartParam | RefusalPartParam)[]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : part.refusal)).join("\n");
}

function texts(text: string): readonly TextPart[] {
  return text === "" ? [] : [{ type: "text", text }];
}
