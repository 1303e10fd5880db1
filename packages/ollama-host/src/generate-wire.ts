import { type ChatEvent, parseChatEvent, type RequestFields } from "./chat-wire.ts";
import { textLine } from "./read-text-lines.ts";

/** Body of `POST /api/generate`. */
export interface GenerateBody extends RequestFields, GenerateFields {
  readonly model: string;
  /** Never empty: the server would load the model and say nothing, whatever stands beside it. */
  readonly prompt: string;
  /** Text after the gap. With one, the server leaves `system` and `images` out. */
  readonly suffix?: string;
  /** Plain base64, no `data:` prefix. */
  readonly images?: readonly string[];
  /** As with a chat: always. */
  readonly stream: true;
}

/** What only `/api/generate` has. */
export interface GenerateFields {
  /** In place of the model's own. */
  readonly system?: string;
  /** A Go template in place of the model's own. */
  readonly template?: string;
  /** The prompt goes to the model as it is: no template, no parsing, no `context` in return. */
  readonly raw?: boolean;
  /** Token ids of an earlier answer. */
  readonly context?: readonly number[];
}

/** One line of an answer, in the form of a chat's. */
export interface GenerateEvent extends ChatEvent {
  /** On the final event: token ids of prompt and answer, as many as there are; a server writes a list of integers. */
  readonly context?: unknown;
}

/** The event, or `undefined` when a known field has a wrong type. */
export function parseGenerateEvent(value: unknown): GenerateEvent | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // Unproven: `parseChatEvent` looks at every field that is used.
  const { response: content, thinking, tool_calls, context, ...rest } = value as Readonly<Record<string, unknown>>;
  const event = parseChatEvent({ ...rest, message: { content, thinking, tool_calls } });
  return event && (context === undefined ? event : { ...event, context });
}

/** A line that says a piece of text and nothing else. */
export const GENERATE_TEXT: RegExp = textLine('"response":', String.raw`,"done":false\}`);
