// index.d.ts
/** Server versions there are recordings of. */
type OllamaVersion = "0.24.0" | "0.33.0";
/** One recorded exchange with a real server: the request, and the answer as the server flushed it. */
interface Recording {
    /** File name without `.json`, such as `chat-plain-stream`. */
    readonly name: string;
    readonly version: OllamaVersion;
    /** What was done to the server during the exchange; undefined when it was left alone. */
    readonly note?: string | undefined;
    readonly request: {
        readonly method: string;
        readonly path: string;
        readonly headers?: Readonly<Record<string, string>> | undefined;
        /** The JSON body that was sent; undefined when none was, or when it was not JSON (see `rawBody`). */
        readonly body?: unknown;
        /** The body as text, where it was empty or not JSON. */
        readonly rawBody?: string | undefined;
    };
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    /** Whether the body came with chunked transfer coding; false means it had a `Content-Length`. */
    readonly chunked: boolean;
    /** The body, one entry per HTTP chunk. */
    readonly chunks: readonly string[];
    /** `closed`: the connection broke before the body had ended. */
    readonly ended: "complete" | "closed";
}
/** Every exchange recorded with that version, by name. Reads the files (synchronously) the first time. */
declare function recordings(version: OllamaVersion): readonly Recording[];
/** The exchange of that name. Throws a RangeError that lists near names when there is none. */
declare function recording(version: OllamaVersion, name: string): Recording;

/** An answer as HTTP clients hand it out. */
interface ReplayedAnswer {
    readonly status: number;
    /** By lower-case name. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: AsyncIterable<Uint8Array>;
}
interface ReplayOptions {
    /** Byte offsets, ascending: where the network happened to cut the body. Default: nowhere. */
    readonly cuts?: readonly number[] | undefined;
    /** Makes what the body throws where the recorded connection broke. Default: an `Error`. */
    readonly broken?: (() => unknown) | undefined;
}
/** A recorded answer without a socket, in pieces of your choice: for parsers, which must not care where the network cuts. */
declare function replayedAnswer(recording: Recording, options?: ReplayOptions): ReplayedAnswer;
/**
 * Lists of cuts that a parser should be tried with. Of a body up to 8 KiB every byte boundary by itself, and all of them
 * at once; of a larger one the boundaries around line ends and inside characters, and 50 random selections.
 */
declare function byteCuts(recording: Recording): readonly (readonly number[])[];

/** A scripted answer. What it leaves open is as the emulator would have answered, so `{ fault }` alone breaks that. */
interface Reply {
    /** The path it answers, without query; default `/api/chat`. */
    readonly path?: string | undefined;
    /** What to play: a recording, or the name of one of the emulator's version. */
    readonly recording?: string | Recording | undefined;
    readonly status?: number | undefined;
    /** Added to the answer's, in place of those of the same name. Framing, `Connection` and `Date` are the emulator's own. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** The body, each entry one HTTP chunk. Without a recording: status 200 and NDJSON, or JSON for a status from 400. */
    readonly chunks?: readonly (string | Uint8Array)[] | undefined;
    readonly fault?: Fault | undefined;
    /** Milliseconds of silence before each chunk; default the emulator's. */
    readonly delayMs?: number | undefined;
    /** How many requests it answers; default 1, Infinity for all from now on. */
    readonly times?: number | undefined;
}
/** One way to break an answer. A number at or past the body's end means: after all of it. */
type Fault = 
/** Closes the connection after that many bytes of the body, without the end that the framing promised. */
{
    readonly cutAfterBytes: number;
}
/** After that many chunks, announces the next one whole, sends half of it and closes the connection. */
 | {
    readonly closeInsideChunk: number;
}
/** After that many chunks says nothing more, and keeps the connection until the client leaves or the emulator closes. */
 | {
    readonly silenceAfterChunks: number;
}
/** Says nothing at all, not even headers, as a server does that is loading a model. */
 | {
    readonly silenceBeforeHeaders: true;
}
/** After that many chunks sends `{"error":message}` as the last line, then ends the body properly. */
 | {
    readonly errorAfterChunks: number;
    readonly message: string;
}
/** Ends the body properly after that many chunks: no final event. */
 | {
    readonly endAfterChunks: number;
}
/** Resets the connection (RST) instead of answering. */
 | {
    readonly refuse: true;
}
/**
 * Writes these to the socket in place of an HTTP answer, one after the other; then closes it, resets it, or says nothing
 * more until the client leaves. What the emulator would have answered does not count.
 */
 | {
    readonly bytes: readonly (string | Uint8Array)[];
    readonly ending: "close" | "reset" | "silence";
};

/** A request the emulator received. */
interface SeenRequest {
    readonly method: string;
    /** Without the query. */
    readonly path: string;
    /** By lower-case name. */
    readonly headers: Readonly<Record<string, string>>;
    /** The parsed JSON body; undefined when there was none or it was not JSON. */
    readonly body: unknown;
    /** The body as it came. */
    readonly text: string;
    /** `performance.now()` when the request had arrived whole. */
    readonly receivedAt: number;
    /**
     * Resolves with `complete` when everything scripted was sent (a scripted close included), with `aborted` when the
     * connection ended before that: the client left, or the emulator was closed.
     */
    readonly ended: Promise<"complete" | "aborted">;
    /** `performance.now()` when `ended` resolved; undefined until then. */
    readonly endedAt: number | undefined;
}

interface EmulatorOptions {
    /** Default `0.33.0`. */
    readonly version?: OllamaVersion | undefined;
    /** Default 0: a free one. */
    readonly port?: number | undefined;
    /** Default `127.0.0.1`. */
    readonly host?: string | undefined;
    /** Milliseconds of silence before each chunk, for a stream that people can watch; default 0. */
    readonly delayMs?: number | undefined;
}
/** A running emulator. `await using` closes it. */
interface Emulator extends AsyncDisposable {
    /** Such as `http://127.0.0.1:49152`, without a trailing slash. */
    readonly url: string;
    readonly version: OllamaVersion;
    /** Requests in the order in which they had arrived whole. */
    readonly requests: readonly SeenRequest[];
    /** Connections that are open now, idle ones included. */
    readonly connections: number;
    /**
     * The earliest request to that path (to any, without one) that no earlier call returned; waits when there is none. So
     * it does not matter whether the request or this call comes first. Rejects when the emulator closes.
     */
    nextRequest(path?: string): Promise<SeenRequest>;
    /** Scripts the next answers to one path. Replies are used up in order; then the emulator answers by itself again. */
    enqueue(reply: Reply): void;
    /** Ends live connections too. */
    close(): Promise<void>;
}
/** Starts an emulator. Rejects when it cannot listen, such as on a port in use. */
declare function startEmulator(options?: EmulatorOptions): Promise<Emulator>;

export { byteCuts, recording, recordings, replayedAnswer, startEmulator };
export type { Emulator, EmulatorOptions, Fault, OllamaVersion, Recording, ReplayOptions, ReplayedAnswer, Reply, SeenRequest };
