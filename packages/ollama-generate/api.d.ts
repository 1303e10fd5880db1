// index.d.ts
import { Provider, ProviderFactory } from '@llamaduct/core';
import { OllamaHostOptions } from '@llamaduct/ollama-host';

interface OllamaGenerateOptions extends OllamaHostOptions {
    /** Gives chats that a single prompt cannot hold their provider, `ollama_chat`; asked when one comes. Without it they are `unsupported`. */
    readonly chatProvider?: (() => Provider | undefined) | undefined;
}
/**
 * Provider `ollama`: raw completions, fill-in-the-middle and plain chats of one Ollama server through
 * `POST /api/generate`, and its embeddings.
 */
declare function createOllamaGenerate(options?: OllamaGenerateOptions): Provider;
/** For registries and `config.yaml`. */
declare const provider: ProviderFactory;

export { createOllamaGenerate, provider };
export type { OllamaGenerateOptions };
