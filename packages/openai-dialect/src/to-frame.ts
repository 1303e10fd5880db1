import type { GrowingBytes } from "./growing-bytes.ts";
import { toUtf8 } from "./to-event.ts";

/** A choice's text event, cut open where the text goes: an event then costs no more than quoting its text. */
export interface Frame {
  readonly before: Uint8Array;
  /** There when the text goes in twice. */
  readonly between: Uint8Array | undefined;
  readonly after: Uint8Array;
  /** What stands around the inside of the text's JSON, as characters that are bytes. */
  readonly around: readonly [head: string, tail: string];
}

/** `choice` is the one in `event`; its empty strings are where the text goes. */
export function toFrame(event: string, choice: object): Frame {
  // What the caller named comes earlier in the event, and may look like anything.
  const start = event.lastIndexOf(JSON.stringify(choice));
  const first = event.indexOf('""', start);
  const last = event.lastIndexOf('""');
  const [before, after] = [event.slice(0, first), event.slice(last + 2)];
  return {
    before: toUtf8(before),
    between: first === last ? undefined : toUtf8(event.slice(first + 2, last)),
    after: toUtf8(after),
    around: [`${toLatin1(before)}"`, `"${toLatin1(after)}`],
  };
}

/** As `fillFrame` for each of them, in one piece. Only for a frame that has one place for its text. */
export function fillFrames(events: GrowingBytes, { around: [head, tail] }: Frame, literals: readonly string[]): void {
  let text = "";
  for (const literal of literals) text += head + literal + tail;
  events.addLatin1(text);
}

/** Each byte of its UTF-8 as a character; of ASCII, which it nearly always is, the text itself. */
function toLatin1(text: string): string {
  return /[\x80-\uffff]/.test(text) ? String.fromCharCode(...toUtf8(text)) : text;
}

export function fillFrame(events: GrowingBytes, frame: Frame, text: string): void {
  const json = JSON.stringify(text);
  events.add(frame.before);
  events.addText(json);
  if (frame.between !== undefined) {
    events.add(frame.between);
    events.addText(json);
  }
  events.add(frame.after);
}
