import { EncodedText, ProviderError } from "@llamaduct/core";
import { fromLatin1, type LineOptions, lineBlocks, lines } from "@llamaduct/http";
import { readTextLines } from "./read-text-lines.ts";
import { type InputPaths, toHostError } from "./to-host-error.ts";

export interface EventFormat<Event> {
  /** The event, or `undefined` when it has another shape. */
  readonly parse: (value: unknown) => Event | undefined;
  readonly paths: InputPaths;
}

export interface AnswerFormat<Event> extends EventFormat<Event>, LineOptions {
  /** What `textLine` gives: lines that need no parsing, since `parse` would find their text and nothing else. */
  readonly textLine: RegExp;
}

/** Events that came together, in order. Text and nothing else is a batch of the contract already. */
export type AnswerEvents<Event> = readonly Event[] | EncodedText;

/**
 * Decodes NDJSON into batches of what arrived together. Throws at an error line and at one that is not the protocol,
 * after what came before it. Reading ends at the upstream's end: whether all was there is the reader's to judge.
 */
export async function* readEvents<Event>(
  body: AsyncIterable<Uint8Array>,
  format: EventFormat<Event>,
): AsyncGenerator<readonly Event[]> {
  for await (const batch of lines(body)) {
    const events: Event[] = [];
    const failure = failureOf(() => readLines(batch, format, events));
    if (events.length > 0) yield events;
    if (failure !== undefined) throw failure.error;
  }
}

/** As `readEvents`, for an answer, which is text for the most part. */
export async function* readAnswer<Event>(
  body: AsyncIterable<Uint8Array>,
  format: AnswerFormat<Event>,
): AsyncGenerator<AnswerEvents<Event>> {
  for await (const blocks of lineBlocks(body, format)) {
    const batches: AnswerEvents<Event>[] = [];
    const failure = failureOf(() => {
      for (const block of blocks) {
        if ("latin1" in block) readBlock(block.latin1, format, batches);
        else readLines(block.lines, format, openBatch(batches));
      }
    });
    for (const batch of batches) if (batch.length > 0) yield batch;
    if (failure !== undefined) throw failure.error;
  }
}

function readBlock<Event>(latin1: string, format: AnswerFormat<Event>, batches: AnswerEvents<Event>[]): void {
  let events = openBatch(batches);
  for (let at = 0; at < latin1.length; ) {
    const { literals, end } = readTextLines(latin1, at, format.textLine);
    if (literals.length > 0) {
      batches.push(new EncodedText(literals));
      events = openBatch(batches);
    }
    if (end === latin1.length) return;
    const lineEnd = latin1.indexOf("\n", end);
    const line = fromLatin1(latin1.slice(end, latin1[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd));
    if (line !== "") events.push(readEvent(line, format));
    at = lineEnd + 1;
  }
}

function openBatch<Event>(batches: AnswerEvents<Event>[]): Event[] {
  const events: Event[] = [];
  batches.push(events);
  return events;
}

function readLines<Event>(batch: readonly string[], format: EventFormat<Event>, events: Event[]): void {
  for (const line of batch) events.push(readEvent(line, format));
}

/** To be thrown once what came before it has been delivered. */
function failureOf(read: () => void): { readonly error: unknown } | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return { error };
  }
}

function readEvent<Event>(line: string, { parse, paths }: EventFormat<Event>): Event {
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
