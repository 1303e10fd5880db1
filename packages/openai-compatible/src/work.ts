// What a server is asked, and what is made of its answers.
export { createEmbeddingModel } from "./embedding-model.ts";
export { listModels } from "./list-models.ts";
export { readChunks } from "./read-chunks.ts";
export { toChatBody } from "./to-chat-body.ts";
export { createPartReader } from "./to-parts.ts";
export { toTextBody } from "./to-text-body.ts";
export { createUpstream } from "./upstream.ts";
