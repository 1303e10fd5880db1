// index.d.ts
import { ChatRequest, TextRequest, Middleware } from '@llamaduct/core';

interface ReasoningTagsOptions {
    /** Names without brackets: letters, digits, `_`, `-`. Default `think`, `thinking`, `thought`, `reasoning`. */
    readonly tags?: readonly string[] | undefined;
}
type AnyRequest = ChatRequest | TextRequest;
/**
 * Makes `reasoning-delta` of what a model writes between `<think>` and `</think>`, as it streams. Leaves models alone
 * whose host tells reasoning apart itself, unless the request turns reasoning off: then they may do it inline (F9).
 */
declare function reasoningTags<Request extends AnyRequest = ChatRequest>(options?: ReasoningTagsOptions): Middleware<Request>;

export { reasoningTags };
export type { ReasoningTagsOptions };
