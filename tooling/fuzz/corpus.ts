import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface CorpusEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const folder = fileURLToPath(new URL("corpus", import.meta.url));

/** What is kept for a target: inputs that have found something, and samples to begin with. */
export function corpus(target: string): readonly CorpusEntry[] {
  const path = join(folder, target);
  if (!existsSync(path)) return [];
  return readdirSync(path).map((name) => ({ name, bytes: readFileSync(join(path, name)) }));
}
