// index.d.ts
import { AssistantContent, JsonValue, JsonObject, Settings, ProviderFactory, ProviderSettings, Provider } from '@llamaduct/core';

/** A provider, and the upstream that the kit plays to it. */
interface Target {
    /** What the package exports as `provider`. */
    readonly provider: ProviderFactory;
    /** A model's name, as the upstream spells names. */
    readonly modelId: string;
    readonly upstream: Upstream;
    /**
     * The same provider with `fetch` in place of its own transport, so that bytes can be cut anywhere. Without it they are
     * cut on a socket, where pieces may arrive together and hide a fault.
     */
    readonly withFetch?: ((settings: ProviderSettings, fetch: typeof globalThis.fetch) => Provider) | undefined;
    /** Beside the `baseURL` and `apiKey` that the kit gives. */
    readonly settings?: ProviderSettings | undefined;
    /** Providers that this one hands requests to. */
    readonly siblings?: readonly ProviderFactory[] | undefined;
    /** Cases that this provider cannot pass. One that it passes all the same is a failure. */
    readonly skip?: readonly Skip[] | undefined;
}
type Kind = "provider" | "chat" | "text" | "embeddings" | "models";
interface Skip {
    /** A case's id. */
    readonly id: string;
    /** Default: for every kind of work. */
    readonly kind?: Kind | undefined;
    readonly reason: string;
}
/** How the upstream speaks. Written from its documentation or from recorded exchanges, never from the provider's code. */
interface Upstream {
    readonly chat?: AnswerUpstream | undefined;
    readonly text?: AnswerUpstream | undefined;
    readonly embeddings?: EmbeddingUpstream | undefined;
    readonly models?: ModelsUpstream | undefined;
    /** A refusal in the upstream's form. `message` is anything. */
    error(status: number, message: string): Reply;
    /** How it says that it has no such model. */
    readonly modelNotFound?: Reply | undefined;
    /** How it says that a prompt is too long. */
    readonly contextExceeded?: Reply | undefined;
    /** Answers what the provider asks besides: about a model's capabilities, say. Default: 404. */
    other?(request: UpstreamRequest): Reply | undefined;
}
/** A stream of events that answers a chat or a text completion. */
interface AnswerUpstream {
    /** The end of the URL's path, or several. */
    readonly path: string | readonly string[];
    /** The headers of an answer. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** The answer as it is streamed: a string for each event, its framing included. The last ones say that it is whole. */
    events(answer: Answer, request: UpstreamRequest): readonly string[];
    /** Framed as an event, but not what the protocol has there. */
    readonly malformed: string;
    /** An event that says that the upstream failed. */
    readonly failure?: ((message: string) => string) | undefined;
    /** An event that a later version of the upstream may send, which must not disturb. */
    readonly unknown?: string | undefined;
    /** The contract's settings as they stand in a request, those that are absent left out. */
    settings(body: JsonObject): Settings;
}
/** What a model says: each delta an event of its own. A tool call's `arguments` is JSON text. */
interface Answer {
    readonly deltas: readonly AssistantContent[];
    readonly finish: "stop" | "length" | "tool-calls";
    /** Absent: the upstream does not count. */
    readonly usage?: {
        readonly inputTokens: number;
        readonly outputTokens: number;
    } | undefined;
}
interface EmbeddingUpstream {
    readonly path: string;
    /** The inputs of a request. */
    inputs(body: JsonObject): readonly string[];
    /** One vector for each input. Without `inputTokens` the upstream does not count. */
    reply(vectors: readonly (readonly number[])[], inputTokens: number | undefined): Reply;
}
interface ModelsUpstream {
    readonly path: string;
    reply(ids: readonly string[]): Reply;
}
interface Reply {
    /** Default 200. */
    readonly status?: number | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly body?: string | undefined;
}
interface UpstreamRequest {
    readonly method: string;
    /** Without the query. */
    readonly path: string;
    /** With its question mark; empty when there is none. */
    readonly query: string;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** Parsed; `undefined` when there was none, or it was not JSON. */
    readonly body: JsonValue | undefined;
    /** As it came. */
    readonly text: string;
    /** Resolves when the client has closed the connection before the answer was over. */
    readonly left: Promise<void>;
}

/** One fact about one kind of work. */
interface ConformanceCase {
    /** The clause of the specification that it is about, and its name in `skip`. */
    readonly id: string;
    readonly kind: Kind;
    /** For the test's name: kind, id and the fact in words. */
    readonly title: string;
    /** Rejects with a plain `Error` that says what is wrong. */
    readonly run: () => Promise<void>;
}
/**
 * The cases for a provider, each independent of the others. Throws when a skip names no case of it or gives no reason.
 * A skipped case is run all the same: it fails when it would pass.
 */
declare function conformanceCases(target: Target): readonly ConformanceCase[];

export { conformanceCases };
export type { Answer, AnswerUpstream, ConformanceCase, EmbeddingUpstream, Kind, ModelsUpstream, Reply, Skip, Target, Upstream, UpstreamRequest };
