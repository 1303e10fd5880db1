import { readdirSync, readFileSync } from "node:fs";

/** Server versions there are recordings of. */
export type OllamaVersion = "0.24.0" | "0.33.0";

/** One recorded exchange with a real server: the request, and the answer as the server flushed it. */
export interface Recording {
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

const readAll: Readonly<Record<OllamaVersion, () => readonly Recording[]>> = {
  "0.24.0": once(() => read("0.24.0")),
  "0.33.0": once(() => read("0.33.0")),
};

/** Every exchange recorded with that version, by name. Reads the files (synchronously) the first time. */
export function recordings(version: OllamaVersion): readonly Recording[] {
  if (!Object.hasOwn(readAll, version)) {
    throw new RangeError(`no recordings of Ollama ${version}; there are ${Object.keys(readAll).join(" and ")}`);
  }
  return readAll[version]();
}

/** The exchange of that name. Throws a RangeError that lists near names when there is none. */
export function recording(version: OllamaVersion, name: string): Recording {
  const all = recordings(version);
  const found = all.find((each) => each.name === name);
  if (found === undefined) {
    throw new RangeError(`no recording "${name}" of Ollama ${version}; near: ${nearest(all, name).join(", ")}`);
  }
  return found;
}

function read(version: OllamaVersion): readonly Recording[] {
  // The same from src/ and from dist/: both are one level below the package.
  const folder = new URL(`../recordings/${version}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((file): Recording => {
      // The files are part of this package and a test walks every one of them.
      const exchange = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Omit<Recording, "name" | "version">;
      return { name: file.replace(/\.json$/, ""), version, ...exchange };
    });
}

/** The five that share the most words, of those the ones that start alike for longest. */
function nearest(all: readonly Recording[], name: string): string[] {
  const words = new Set(name.split("-"));
  const shared = (other: string): number => other.split("-").filter((word) => words.has(word)).length;
  const alike = (other: string): number => {
    let length = 0;
    while (length < name.length && other[length] === name[length]) length += 1;
    return length;
  };
  return all
    .map((each) => each.name)
    .sort((a, b) => shared(b) - shared(a) || alike(b) - alike(a))
    .slice(0, 5);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
