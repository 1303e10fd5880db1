// index.d.ts
/** One HTTP request. Nothing is added to it except `host`, `content-length`, `connection` and `accept-encoding: identity`. */
interface TransportRequest {
    readonly method: "GET" | "POST" | "DELETE" | "HEAD";
    /** Absolute, `http:` or `https:`, without user name or password: credentials belong into `headers`. */
    readonly url: string;
    /** Names in lower case. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly body?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}
interface TransportResponse {
    /** As the upstream sent it: redirects are not followed, and 4xx and 5xx are no errors here. */
    readonly status: number;
    /** Names in lower case; repeated headers are joined with `", "`. */
    readonly headers: Readonly<Record<string, string>>;
    /**
     * What has arrived since the last read, as one piece. Read once, one read at a time. Reading to the end frees the
     * connection for the next request; leaving early closes it, and so does the request's signal when nobody reads.
     */
    readonly body: AsyncIterable<Uint8Array>;
}
/**
 * Sends one request and resolves with the head of its response. Rejects, and makes the body reject, with a
 * `ProviderError` (`upstream_connection_failed`, `upstream_protocol_error`, `upstream_stream_interrupted`,
 * `upstream_response_too_large`; `invalid_value` for a request that HTTP cannot carry), or with `signal.reason` itself.
 */
type Transport = (request: TransportRequest) => Promise<TransportResponse>;

interface TransportOptions {
    /** Name lookup, TCP and TLS together, in milliseconds. Default 3000. */
    readonly connectTimeoutMs?: number | undefined;
    /** Longer bodies end in `upstream_response_too_large`. Default 256 MiB. */
    readonly maxResponseBytes?: number | undefined;
    /**
     * Asked before a connection is made, about every address that the host's name has or the one that the URL spells
     * out, and again about the peer of the open connection. One `false` is `upstream_connection_failed`, and nothing is
     * sent. IPv4 as `127.0.0.1`, IPv6 as `::1`, perhaps mapped (`::ffff:7f00:1`) or with a zone. Default: every address.
     */
    readonly allowAddress?: ((address: string) => boolean) | undefined;
}
/**
 * A transport for Node.js with its own pool of HTTP/1.1 connections. There is no time limit after the connection is
 * made: use the request's signal. Idle connections live 4 s and do not keep the process alive. What it sends and gets is
 * told on the diagnostics channel `EXCHANGE_CHANNEL`.
 */
declare function createTransport(options?: TransportOptions): Transport;

interface LineOptions {
    /** A longer line (for `events`, also a longer event) is `upstream_response_too_large`. Default 8 MiB. */
    readonly maxLineBytes?: number | undefined;
}
/**
 * NDJSON: the lines of a body, in batches of what each read completes. Lines end in `\n` or `\r\n`, the last one may
 * have no ending, empty ones are skipped, a byte order mark at the start is dropped. Text that is not UTF-8 is
 * `upstream_protocol_error`. The lines before a failure are yielded first. Leaving early leaves the body.
 */
declare function lines(body: AsyncIterable<Uint8Array>, options?: LineOptions): AsyncIterable<readonly string[]>;

interface ServerSentEvent {
    /** `undefined` when the event has no name of its own; the specification calls it `message` then. */
    readonly event: string | undefined;
    /** Its `data:` lines, joined with `\n`. */
    readonly data: string;
    /** The last id the stream has named, in this event or before it. */
    readonly id: string | undefined;
}
/**
 * Server-Sent Events (WHATWG HTML §9.2.6), in batches of what each read completes. `retry:` and comments are ignored;
 * an event without `data:` is none; an event that no empty line ends is dropped at the end of the body, as the
 * specification says. Unlike there, text that is not UTF-8 is `upstream_protocol_error`. Leaving early leaves the body.
 */
declare function events(body: AsyncIterable<Uint8Array>, options?: LineOptions): AsyncIterable<readonly ServerSentEvent[]>;

/** The part of the Fetch API this package uses; `globalThis.fetch` of any runtime is one. */
type FetchFunction = (url: string, init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly signal: AbortSignal | null;
    readonly redirect: "manual";
}) => Promise<FetchResponse>;
interface FetchResponse {
    readonly status: number;
    readonly type: string;
    readonly headers: {
        forEach(callback: (value: string, name: string) => void): void;
    };
    readonly body: {
        getReader(): FetchReader;
    } | null;
}
interface FetchReader {
    read(): Promise<{
        readonly done: boolean;
        readonly value?: Uint8Array | undefined;
    }>;
    cancel(): Promise<void>;
}
/**
 * A transport over any `fetch`: for workers, browsers and tests. In Node.js prefer `createTransport`: the built-in
 * `fetch` gives up after 300 s without headers or bytes.
 */
declare function fromFetch(fetch: FetchFunction): Transport;

/** What such characters say as text. */
declare function fromLatin1(latin1: string): string;

/**
 * What a read has completed. `latin1`: whole lines of valid UTF-8, each byte a character, line endings included; half as
 * long and much cheaper than decoded text for a reader that knows most lines by their form. `lines`: as `lines` gives
 * them, where this runtime has no such view, or where one of them is too long or wrong.
 */
type LineBlock = {
    readonly latin1: string;
} | {
    readonly lines: readonly string[];
};
/** The lines of a body as `lines` has them, in blocks that need not be decoded. The same failures at the same places. */
declare function lineBlocks(body: AsyncIterable<Uint8Array>, options?: LineOptions): AsyncIterable<readonly LineBlock[]>;

/**
 * A whole body as text, for answers that are not streams. Default limit 64 MiB; more is `upstream_response_too_large`,
 * text that is not UTF-8 is `upstream_protocol_error`. A byte order mark is dropped.
 */
declare function readText(body: AsyncIterable<Uint8Array>, maxBytes?: number): Promise<string>;

/**
 * The name of the `node:diagnostics_channel` on which `createTransport` tells what it sends and gets, for debugging, as
 * `ExchangeEvent`s. Nothing is made for it while nobody subscribes.
 */
declare const EXCHANGE_CHANNEL = "llamaduct:http";
/** Events of one exchange have one `id`, a UUID. Values of headers and of the query that look like credentials are masked. */
type ExchangeEvent = {
    readonly type: "request";
    readonly id: string;
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | undefined;
} | {
    readonly type: "response";
    readonly id: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Since the request, milliseconds. */
    readonly afterMs: number;
} | {
    readonly type: "data";
    readonly id: string;
    readonly bytes: Uint8Array;
}
/** The body was read to its end or left, or `error` says why there is no more of it. */
 | {
    readonly type: "end";
    readonly id: string;
    readonly afterMs: number;
    readonly error?: unknown;
};

type Headers = Readonly<Record<string, string>>;
/** The same headers, their names in lower case; of names that differ in nothing else, the last one counts. */
declare function lowerCaseNames(headers?: Headers): Record<string, string>;
/**
 * What of a caller's headers may go to a provider's host, names in lower case. They may add, never speak for the owner of
 * the host's key or as another site.
 */
declare function callHeaders(headers?: Headers): Record<string, string>;

/** A `retry-after` header's seconds in milliseconds; `undefined` where there is none, or a date. */
declare function retryAfterMs(header: string | undefined): number | undefined;

export { EXCHANGE_CHANNEL, callHeaders, createTransport, events, fromFetch, fromLatin1, lineBlocks, lines, lowerCaseNames, readText, retryAfterMs };
export type { ExchangeEvent, FetchFunction, FetchReader, FetchResponse, LineBlock, LineOptions, ServerSentEvent, Transport, TransportOptions, TransportRequest, TransportResponse };
