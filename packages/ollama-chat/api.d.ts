// index.d.ts
import { Provider, ProviderFactory } from '@llamaduct/core';
import { OllamaHostOptions } from '@llamaduct/ollama-host';

interface OllamaChatOptions extends OllamaHostOptions {
    /** Makes ids for tool calls that the server gave none. Default `call_` and 24 random characters. */
    readonly generateId?: (() => string) | undefined;
    /** Gives raw completions their provider, `ollama`; asked when one comes. Without it they are `unsupported`. */
    readonly textProvider?: (() => Provider | undefined) | undefined;
}
/** Provider `ollama_chat`: chat and embedding models of one Ollama server, through `POST /api/chat` and `/api/embed`. */
declare function createOllamaChat(options?: OllamaChatOptions): Provider;
/** For registries and `config.yaml`. */
declare const provider: ProviderFactory;

export { createOllamaChat, provider };
export type { OllamaChatOptions };
