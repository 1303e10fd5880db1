import type { GrowingBytes } from "./growing-bytes.ts";
import { toUtf8 } from "./to-event.ts";

/** A choice's text event, cut open where the text goes: an event then costs no more than quoting its text. */
export interface Frame {
  readonly before: Uint8Array;
  /** There when the text goes in twice. */
  readonly between: Uint8Array | undefined;
  readonly after: Uint8Array;
}

/** `choice` is the one in `event`; its empty strings are where the text goes. */
export function toFrame(event: string, choice: object): Frame {
  // What the caller named comes earlier in the event, and may look like anything.
  const start = event.lastIndexOf(JSON.stringify(choice));
  const first = event.indexOf('""', start);
  const last = event.lastIndexOf('""');
  return {
    before: toUtf8(event.slice(0, first)),
    between: first === last ? undefined : toUtf8(event.slice(first + 2, last)),
    after: toUtf8(event.slice(last + 2)),
  };
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
