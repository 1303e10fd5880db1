import { ProviderError } from "@llamaduct/core";
import { lines } from "@llamaduct/http";
import { type InputPaths, toHostError } from "./to-host-error.ts";

export interface EventFormat<Event> {
  /** The event, or `undefined` when it has another shape. */
  readonly parse: (value: unknown) => Event | undefined;
  /** What `parse` would make of the line, for lines that can be read without parsing. */
  readonly recognise?: ((line: string) => Event | undefined) | undefined;
  readonly paths: InputPaths;
}

/**
 * Decodes an NDJSON answer into batches of events, one for what arrived together. Throws at an error line and at one
 * that is not the protocol, after the events before it. Reading ends at the upstream's end: whether the answer was
 * whole is the reader's to judge.
 */
export async function* readEvents<Event>(
  body: AsyncIterable<Uint8Array>,
  format: EventFormat<Event>,
): AsyncGenerator<readonly Event[]> {
  for await (const batch of lines(body)) {
    const events: Event[] = [];
    let failure: unknown;
    try {
      for (const line of batch) events.push(readEvent(line, format));
    } catch (error) {
      failure = error;
    }
    if (events.length > 0) yield events;
    if (failure !== undefined) throw failure;
  }
}

function readEvent<Event>(line: string, { parse, recognise, paths }: EventFormat<Event>): Event {
  const known = recognise?.(line);
  if (known !== undefined) return known;
  const value = parseJson(line);
  if (typeof value === "object" && value !== null && "error" in value)
    throw toHostError({ status: 200, text: line }, paths).error;
  const event = parse(value);
  if (event === undefined) throw protocolError("a line of another shape", line);
  return event;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw protocolError("a line that is not JSON", line);
  }
}

function protocolError(what: string, line: string): ProviderError {
  return new ProviderError({
    code: "upstream_protocol_error",
    message: `The server sent ${what}.`,
    upstreamStatus: 200,
    upstreamMessage: line,
  });
}
