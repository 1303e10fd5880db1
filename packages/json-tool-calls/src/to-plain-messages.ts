import type { AssistantContent, ImagePart, JsonValue, Message, TextPart } from "@llamaduct/core";
import { isJsonObject } from "./schema-reference.ts";

/**
 * A conversation for models that know no tools. Calls become the JSON that the grammar asks for, results become a user
 * message each turn: `Result of NAME:` and the text, with the call's place among its turn's calls where there were
 * several. A user message that follows joins it, since templates may want the roles to alternate.
 */
export function toPlainMessages(messages: readonly Message[]): readonly Message[] {
  const places = toPlaces(messages);
  const plain: Message[] = [];
  let results: (TextPart | ImagePart)[] = [];
  const flush = () => {
    if (results.length > 0) plain.push({ role: "user", content: results });
    results = [];
  };
  for (const message of messages) {
    if (message.role === "tool") {
      const text = `Result of ${message.name}${places.get(message.callId) ?? ""}:\n${message.content}`;
      results.push({ type: "text", text });
    } else if (message.role === "user" && results.length > 0 && message.name === undefined) {
      results.push(...message.content);
    } else {
      flush();
      plain.push(message.role === "assistant" ? { ...message, content: toPlainContent(message.content) } : message);
    }
  }
  flush();
  return plain;
}

/** The instruction goes to the end of a system message that is there: some templates take one only. */
export function withInstruction(messages: readonly Message[], instruction: string): readonly Message[] {
  if (instruction === "") return messages;
  const [first, ...rest] = messages;
  if (first?.role !== "system") return [{ role: "system", content: instruction }, ...messages];
  return [{ role: "system", content: `${first.content}\n\n${instruction}` }, ...rest];
}

/** ` (call 2)` by call id, for the calls of turns with several. */
function toPlaces(messages: readonly Message[]): ReadonlyMap<string, string> {
  const turns = messages.map((message) =>
    message.role === "assistant" ? message.content.filter((part) => part.type === "tool-call") : [],
  );
  return new Map(
    turns
      .filter((calls) => calls.length > 1)
      .flatMap((calls) => calls.map(({ id }, index) => [id, ` (call ${index + 1})`] as const)),
  );
}

function toPlainContent(content: readonly AssistantContent[]): readonly AssistantContent[] {
  const calls = content.flatMap((part) =>
    part.type === "tool-call" ? [{ name: part.name, arguments: toArguments(part.arguments) }] : [],
  );
  if (calls.length === 0) return content;
  const rest = content.filter((part) => part.type !== "tool-call" && part.text !== "");
  return [...rest, { type: "text", text: JSON.stringify({ tool_calls: calls }) }];
}

/** What a model wrote that is no JSON object stays readable, as text. */
function toArguments(text: string): JsonValue {
  if (text.trim() === "") return {};
  try {
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) ? value : text;
  } catch {
    return text;
  }
}
