import { type Recording, recordings } from "../../packages/ollama-emulator/src/recordings.ts";
import { MAX_BYTES } from "./mutated.ts";

/** Recorded answers, as bytes; those that are longer than any input are left out. */
export function recordedAnswers(path: string): readonly Uint8Array[] {
  return all(path)
    .map(({ chunks }) => Buffer.from(chunks.join("")))
    .filter(({ length }) => length > 0 && length <= MAX_BYTES);
}

function all(path: string): readonly Recording[] {
  return (["0.24.0", "0.33.0"] as const).flatMap(recordings).filter(({ request }) => request.path === path);
}
