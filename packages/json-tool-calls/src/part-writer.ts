import type { StreamPart } from "@llamaduct/core";

/** Collects parts, neighbouring deltas of one kind joined. */
export interface PartWriter {
  text(text: string): void;
  arguments(id: string, text: string): void;
  part(part: StreamPart): void;
  /** What was written since the last time. */
  drain(): StreamPart[];
}

export function createPartWriter(): PartWriter {
  let parts: StreamPart[] = [];
  let open: { readonly id: string | undefined; text: string } | undefined;

  function extend(id: string | undefined, text: string): void {
    if (open?.id !== id) close();
    open ??= { id, text: "" };
    open.text += text;
  }

  function close(): void {
    if (open === undefined) return;
    const { id, text } = open;
    open = undefined;
    if (id !== undefined) parts.push({ type: "tool-call-delta", id, argumentsDelta: text });
    else if (text !== "") parts.push({ type: "text-delta", text });
  }

  return {
    text: (text) => extend(undefined, text),
    arguments: extend,
    part(part) {
      close();
      parts.push(part);
    },
    drain() {
      close();
      const drained = parts;
      parts = [];
      return drained;
    },
  };
}
