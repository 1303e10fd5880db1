import { type OllamaVersion, type Recording, recording } from "./recordings.ts";
import type { RequestBody } from "./request-body.ts";

/**
 * The answer to `/api/embed` for inputs that were not recorded: the recorded vectors in turn, one for each text, cut to
 * `dimensions`. They say nothing about the texts.
 */
export function embedAnswer(version: OllamaVersion, body: RequestBody): Recording {
  const { input, dimensions } = body;
  const count = Array.isArray(input) ? input.length : typeof input === "string" && input !== "" ? 1 : 0;
  if (count === 0) return recording(version, "embed-empty");

  const base = recording(version, count === 1 ? "embed-one" : "embed-many");
  // A recorded body of this package: `{ model, embeddings: number[][], …counters }`.
  const recorded = JSON.parse(base.chunks.join("")) as { readonly embeddings: readonly (readonly number[])[] };
  const length = typeof dimensions === "number" && dimensions > 0 ? dimensions : undefined;
  const vectors = Array.from({ length: count }, (_, index) => recorded.embeddings[index % recorded.embeddings.length]);
  return { ...base, chunks: [JSON.stringify({ ...recorded, embeddings: vectors.map((v) => v?.slice(0, length)) })] };
}
