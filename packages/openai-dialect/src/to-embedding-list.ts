import type { Embeddings } from "@llamaduct/core";
import type { EncodingFormat } from "./embedding-request.ts";

/** What `POST /v1/embeddings` answers; `Vector` is what the encoding format makes of a vector. */
export interface EmbeddingList<Vector extends number[] | string = number[] | string> {
  readonly object: "list";
  /** In the order of the input. */
  readonly data: EmbeddingObject<Vector>[];
  readonly model: string;
  /** 0 when the upstream did not count. */
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}
export interface EmbeddingObject<Vector extends number[] | string = number[] | string> {
  readonly object: "embedding";
  readonly index: number;
  readonly embedding: Vector;
}
/** `{ ...decoded }`, where `decoded` is what `decodeEmbeddingRequest` gives. */
export interface EmbeddingListOptions {
  /** As the client asked for it. */
  readonly model: string;
  readonly encodingFormat: EncodingFormat;
}

/** A provider's vectors, as numbers or as base64 of little-endian 32-bit floats. */
export function toEmbeddingList(embeddings: Embeddings, options: EmbeddingListOptions): EmbeddingList {
  const { vectors, usage } = embeddings;
  const { inputTokens = 0 } = usage;
  return {
    object: "list",
    data: vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: options.encodingFormat === "base64" ? toBase64(vector) : Array.from(vector),
    })),
    model: options.model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}

function toBase64(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) view.setFloat32(index * 4, value, true);
  // `btoa` is everywhere, but with it a large batch would hold up every stream of a server.
  if (typeof Buffer !== "undefined") return Buffer.from(view.buffer).toString("base64");
  let binary = "";
  for (const byte of new Uint8Array(view.buffer)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
