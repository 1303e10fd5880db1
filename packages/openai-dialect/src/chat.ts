// Chats alone, as JSON: for bundles that count bytes. Event streams, text completions, embeddings and listings are in the
// package's main entry, together with all of this.
export { createChunkEncoder } from "./chat-chunks.ts";
export { decodeChatRequest } from "./decode-chat-request.ts";
export { imageSources, replaceImageSources } from "./image-sources.ts";
export { requestedModel } from "./requested-model.ts";
export { toChatCompletion } from "./to-chat-completion.ts";
export { toErrorBody } from "./to-error-body.ts";
export { toParam } from "./to-param.ts";
