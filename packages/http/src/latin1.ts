/** Node's own, where there is Node: a bundle for browsers has no module of that name to load. */
const { Buffer: NodeBuffer, isUtf8 } = globalThis.process?.getBuiltinModule?.("node:buffer") ?? {};

/** Bytes that are UTF-8, each as a character; `undefined` when they are not UTF-8, or this runtime cannot do it fast. */
export function toLatin1(bytes: Uint8Array): string | undefined {
  if (NodeBuffer === undefined || isUtf8?.(bytes) !== true) return undefined;
  return NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** What such characters say as text. */
export function fromLatin1(latin1: string): string {
  return NodeBuffer === undefined ? latin1 : NodeBuffer.from(latin1, "latin1").toString("utf8");
}
