import type { JsonObject } from "@llamaduct/core";
import { z } from "zod";
import { textLine } from "./read-text-lines.ts";

/** Body of `POST /api/chat`. */
export interface ChatBody extends RequestFields {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolDeclaration[];
  /** Always streamed: cancelling works, errors show early, no header timeout strikes. */
  readonly stream: true;
}

/** What `/api/chat` and `/api/generate` have in common. */
export interface RequestFields {
  readonly think?: boolean | string;
  readonly format?: "json" | JsonObject;
  readonly options?: JsonObject;
  readonly keep_alive?: number | string;
  readonly truncate?: boolean;
  readonly shift?: boolean;
  readonly logprobs?: true;
  readonly top_logprobs?: number;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly thinking?: string;
  /** Plain base64, no `data:` prefix. */
  readonly images?: readonly string[];
  readonly tool_calls?: readonly { readonly id: string; readonly function: FunctionCall }[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
}

export interface FunctionCall {
  readonly name: string;
  /** An object in both directions, never text. */
  readonly arguments: JsonObject;
}

export interface ToolDeclaration {
  readonly type: "function";
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: JsonObject };
}

/** The counters of a final event: tokens, and nanoseconds. Zero ones are left out by the server. */
export interface Counters {
  readonly load_duration?: number | undefined;
  readonly prompt_eval_count?: number | undefined;
  readonly prompt_eval_duration?: number | undefined;
  readonly eval_count?: number | undefined;
  readonly eval_duration?: number | undefined;
}

/** One line of a chat's answer. Everything is optional: an unforeseen line says nothing rather than breaking the stream. */
export interface ChatEvent extends Counters {
  readonly message?: ReplyMessage | null | undefined;
  readonly done?: boolean | null | undefined;
  readonly done_reason?: string | null | undefined;
  readonly logprobs?: readonly LogprobEntry[] | null | undefined;
}

export interface ReplyMessage {
  readonly content?: string | null | undefined;
  readonly thinking?: string | null | undefined;
  readonly tool_calls?: readonly ReplyToolCall[] | null | undefined;
}

export interface ReplyToolCall {
  readonly id?: string | null | undefined;
  readonly function: {
    readonly name: string;
    readonly arguments?: Readonly<Record<string, unknown>> | null | undefined;
  };
}

export interface LogprobToken {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[] | null | undefined;
}

export interface LogprobEntry extends LogprobToken {
  readonly top_logprobs?: readonly LogprobToken[] | null | undefined;
}

/** What cannot be one is as good as none: an answer is not worth less for it. */
const count = z.int().nonnegative().optional().catch(undefined);

const logprobToken = {
  token: z.string(),
  logprob: z.number(),
  bytes: z.array(z.number()).nullish(),
};

const chatEvent: z.ZodType<ChatEvent> = z.object({
  message: z
    .object({
      content: z.string().nullish(),
      thinking: z.string().nullish(),
      tool_calls: z
        .array(
          z.object({
            id: z.string().nullish(),
            function: z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()).nullish() }),
          }),
        )
        .nullish(),
    })
    .nullish(),
  done: z.boolean().nullish(),
  done_reason: z.string().nullish(),
  logprobs: z.array(z.object({ ...logprobToken, top_logprobs: z.array(z.object(logprobToken)).nullish() })).nullish(),
  load_duration: count,
  prompt_eval_count: count,
  prompt_eval_duration: count,
  eval_count: count,
  eval_duration: count,
});

/** The event, or `undefined` when a known field has a wrong type. Lines of text, nearly all of them, do not come here. */
export function parseChatEvent(value: unknown): ChatEvent | undefined {
  return chatEvent.safeParse(value).data;
}

/** A line that says a piece of text and nothing else. */
export const CHAT_TEXT: RegExp = textLine(
  String.raw`"message":\{"role":"assistant","content":`,
  String.raw`\},"done":false\}`,
);
