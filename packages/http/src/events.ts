import { ProviderError } from "@llamaduct/core";
import { type Decoder, decoded } from "./decoded.ts";
import { LineDecoder } from "./line-decoder.ts";
import { DEFAULT_MAX_LINE_BYTES, type LineOptions } from "./lines.ts";

export interface ServerSentEvent {
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
export function events(
  body: AsyncIterable<Uint8Array>,
  options: LineOptions = {},
): AsyncIterable<readonly ServerSentEvent[]> {
  const { maxLineBytes = DEFAULT_MAX_LINE_BYTES } = options;
  return decoded(body, () => new EventDecoder(maxLineBytes));
}

class EventDecoder implements Decoder<ServerSentEvent> {
  readonly #maxBytes: number;
  readonly #lines: LineDecoder;
  #tooLarge: ProviderError | undefined;
  #event = "";
  #data: string[] = [];
  #dataLength = 0;
  #id: string | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#lines = new LineDecoder({ maxLineBytes: maxBytes, endings: "any" });
  }

  get failure(): ProviderError | undefined {
    return this.#tooLarge ?? this.#lines.failure;
  }

  push(bytes: Uint8Array): readonly ServerSentEvent[] {
    const complete: ServerSentEvent[] = [];
    for (const line of this.#lines.push(bytes)) {
      if (line === "") this.#dispatch(complete);
      else this.#field(line);
      if (this.#tooLarge !== undefined) break;
    }
    return complete;
  }

  end(): readonly ServerSentEvent[] {
    return [];
  }

  #dispatch(complete: ServerSentEvent[]): void {
    if (this.#data.length > 0) {
      complete.push({ event: this.#event || undefined, data: this.#data.join("\n"), id: this.#id });
    }
    this.#event = "";
    this.#data = [];
    this.#dataLength = 0;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "data") this.#addData(value);
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
  }

  #addData(value: string): void {
    this.#data.push(value);
    this.#dataLength += value.length + 1;
    if (this.#dataLength <= this.#maxBytes + 1) return;
    this.#tooLarge = new ProviderError({
      code: "upstream_response_too_large",
      message: `The upstream sent an event of more than ${this.#maxBytes} bytes.`,
    });
  }
}
