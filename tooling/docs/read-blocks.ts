import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.ts";

/** A fenced piece of code of a page. */
export interface Block {
  /** Where its first line stands: `docs/tools.md:12`. */
  readonly source: string;
  /** `ts`, `sh`…, the first word behind the fence. */
  readonly language: string;
  /** What follows it: `run`, or `no-run: needs Docker`. */
  readonly note: string;
  readonly code: string;
}

/** Blocks without a language are for reading: output, pictures. */
export function readBlocks(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map(
    ({ 1: language = "", 2: note = "", 3: code = "", index }) => ({
      source: `${page}:${text.slice(0, index).split("\n").length + 1}`,
      language,
      note: note.trim(),
      code,
    }),
  );
}
