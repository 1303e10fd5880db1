import type { ChatRequest, Message } from "@llamaduct/core";
import { z } from "zod";
import { type DecodedChatRequest, toDecodedChat } from "./decoded-chat-request.ts";
import { present } from "./present.ts";
import { settingFields } from "./setting-fields.ts";
import { toEffort } from "./to-effort.ts";
import { toSettings } from "./to-settings.ts";

/**
 * As `decodeChatRequest`, for a chat that is text, with settings. `undefined` for one that says anything else, or something
 * wrong: `decodeChatRequest` decodes it, or names the field.
 */
export function decodePlainChat(body: object): DecodedChatRequest | undefined {
  // Before each value is looked at: what has tools or extras is told by its fields.
  if (!Object.keys(body).every((name) => Object.hasOwn(shape, name))) return undefined;
  const request = plainChat.safeParse(body).data;
  if (request === undefined) return undefined;
  const decoded = present<ChatRequest>({
    messages: request.messages.map(toMessage),
    settings: toSettings(request, undefined),
    reasoning: toEffort(request.reasoning_effort),
  });
  return toDecodedChat(request, decoded, []);
}

const message = z.strictObject({ role: z.enum(["system", "developer", "user", "assistant"]), content: z.string() });
const shape = {
  ...settingFields,
  stream_options: z.strictObject({ include_usage: z.boolean().nullish() }).nullish(),
  messages: z.array(message).min(1),
};
const plainChat = z.object(shape);

function toMessage({ role, content: text }: z.infer<typeof message>): Message {
  if (role === "system" || role === "developer") return { role: "system", content: text };
  return { role, content: text === "" ? [] : [{ type: "text", text }] };
}
