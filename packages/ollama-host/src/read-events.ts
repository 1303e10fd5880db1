import { EncodedText, type ProviderError } from "@llamaduct/core";
import { fromLatin1, type LineBlock, type LineOptions, lineBlocks, lines } from "@llamaduct/http";
import { readTextLines } from "./read-text-lines.ts";
import type { InputPaths } from "./to-host-error.ts";
import { plainError, worded } from "./worded.ts";

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
    const wrong = readLines(batch, format, events);
    if (events.length > 0) yield events;
    if (wrong !== undefined) throw await lineError(wrong, format);
  }
}

/**
 * As `readEvents`, for an answer, which is text for the most part. Hand-written: an async generator costs three turns of
 * the microtask queue for each batch.
 */
export function readAnswer<Event>(
  body: AsyncIterable<Uint8Array>,
  format: AnswerFormat<Event>,
): AsyncIterable<AnswerEvents<Event>> {
  return { [Symbol.asyncIterator]: () => new AnswerIterator(lineBlocks(body, format)[Symbol.asyncIterator](), format) };
}

type Result<Event> = IteratorResult<AnswerEvents<Event>, undefined>;

class AnswerIterator<Event> implements AsyncIterator<AnswerEvents<Event>, undefined> {
  readonly #blocks: AsyncIterator<readonly LineBlock[]>;
  readonly #format: AnswerFormat<Event>;
  /** What has been read and not yet asked for, and the line after it that is no event. */
  #batches: readonly AnswerEvents<Event>[] = [];
  #at = 0;
  #wrong: string | undefined;

  constructor(blocks: AsyncIterator<readonly LineBlock[]>, format: AnswerFormat<Event>) {
    this.#blocks = blocks;
    this.#format = format;
  }

  next(): Promise<Result<Event>> {
    const held = this.#held();
    if (held !== undefined) return Promise.resolve(held);
    return this.#wrong === undefined ? this.#blocks.next().then(this.#onRead) : this.#fail(this.#wrong);
  }

  async return(): Promise<Result<Event>> {
    this.#batches = [];
    await this.#blocks.return?.();
    return { done: true, value: undefined };
  }

  readonly #onRead = (read: IteratorResult<readonly LineBlock[]>): Result<Event> | Promise<Result<Event>> => {
    if (read.done === true) return { done: true, value: undefined };
    const batches: AnswerEvents<Event>[] = [];
    for (const block of read.value) {
      this.#wrong =
        "latin1" in block
          ? readBlock(block.latin1, this.#format, batches)
          : readLines(block.lines, this.#format, openBatch(batches));
      if (this.#wrong !== undefined) break;
    }
    this.#batches = batches;
    this.#at = 0;
    return this.#held() ?? this.next();
  };

  #held(): Result<Event> | undefined {
    while (this.#at < this.#batches.length) {
      const value = this.#batches[this.#at++];
      if (value !== undefined && value.length > 0) return { done: false, value };
    }
    return undefined;
  }

  async #fail(wrong: string): Promise<never> {
    await this.return();
    throw await lineError(wrong, this.#format);
  }
}

/** Gives the first line that is no event, once what came before it has been read; so do the others. */
function readBlock<Event>(
  latin1: string,
  format: AnswerFormat<Event>,
  batches: AnswerEvents<Event>[],
): string | undefined {
  let events = openBatch(batches);
  for (let at = 0; at < latin1.length; ) {
    const { literals, end } = readTextLines(latin1, at, format.textLine);
    if (literals.length > 0) {
      batches.push(new EncodedText(literals));
      events = openBatch(batches);
    }
    if (end === latin1.length) return undefined;
    const lineEnd = latin1.indexOf("\n", end);
    const line = fromLatin1(latin1.slice(end, latin1[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd));
    if (line !== "" && !readLine(line, format, events)) return line;
    at = lineEnd + 1;
  }
  return undefined;
}

function openBatch<Event>(batches: AnswerEvents<Event>[]): Event[] {
  const events: Event[] = [];
  batches.push(events);
  return events;
}

function readLines<Event>(batch: readonly string[], format: EventFormat<Event>, events: Event[]): string | undefined {
  return batch.find((line) => !readLine(line, format, events));
}

/** Whether it is one. */
function readLine<Event>(line: string, { parse }: EventFormat<Event>, events: Event[]): boolean {
  const value = parseJson(line);
  if (typeof value === "object" && value !== null && "error" in value) return false;
  const event = parse(value);
  if (event !== undefined) events.push(event);
  return event !== undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function lineError<Event>(line: string, { paths }: EventFormat<Event>): Promise<ProviderError> {
  return worded(
    ({ toLineError }) => toLineError(line, paths),
    (cause) => plainError(200, line, cause),
  );
}
