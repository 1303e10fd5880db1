// Plain chats alone, as JSON: for bundles that count bytes. Everything else, words for wrong requests included, is in the
// package's main entry, together with all of this.
export { createChunkEncoder } from "./chat-chunks.ts";
export { decodePlainChat } from "./decode-plain-chat.ts";
export { toChatCompletion } from "./to-chat-completion.ts";
export { toParam } from "./to-param.ts";
