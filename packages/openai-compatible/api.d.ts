// index.d.ts
import { Provider, ProviderFactory } from '@llamaduct/core';
import { Transport } from '@llamaduct/http';

interface OpenAICompatibleOptions {
    /** Up to where `/chat/completions` begins, mostly `…/v1`. Default OpenAI's own, for which there must be a key. */
    readonly baseURL?: string | undefined;
    /** Sent as `Authorization: Bearer …` to this server only. */
    readonly apiKey?: string | undefined;
    /** Sent with every request. An `authorization` here counts as the server's credentials. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** Default `createTransport()`; `fromFetch(fetch)` in workers and tests. */
    readonly transport?: Transport | undefined;
    /** A longer event of an answer is `upstream_response_too_large`. Default 8 MiB. */
    readonly maxLineBytes?: number | undefined;
    /** Makes ids for tool calls that the server gave none. Default `call_` and 24 random characters. */
    readonly generateId?: (() => string) | undefined;
}
/** Provider `openai`: the chat, text and embedding models of one server that speaks OpenAI's API. */
declare function createOpenAICompatible(options?: OpenAICompatibleOptions): Provider;
/** For registries and `config.yaml`. Beside `baseURL`, `apiKey` and `headers` it has the option `maxLineBytes`. */
declare const provider: ProviderFactory;

export { createOpenAICompatible, provider };
export type { OpenAICompatibleOptions };
