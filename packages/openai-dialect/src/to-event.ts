/** Ends a stream's events after success, and only then. */
export const END_MARK = "data: [DONE]\n\n";

/** One server-sent event. */
export function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

export function toUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
