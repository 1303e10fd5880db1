/** Ends a stream's events after success, and only then. */
const END_MARK = "data: [DONE]\n\n";

/** One server-sent event. */
export function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

const ENCODER = new TextEncoder();

export function toUtf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** Of every stream: nobody writes into it. */
export const DONE: Uint8Array = toUtf8(END_MARK);
