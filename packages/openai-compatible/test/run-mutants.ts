// Runs the kit on each mutant of this package and prints, a line of JSON each, the first case that kills it.
import { registerHooks } from "node:module";
import { conformanceCases } from "@llamaduct/conformance";
import { mutants } from "./mutants.ts";
import { target } from "./target.ts";

const sources = new URL("../src/", import.meta.url).href;

// `?mutant=3` on the first import goes on to all sources under it, so every mutant is a module graph of its own.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const query = context.parentURL?.match(/\?mutant=\d+$/)?.[0];
    return query !== undefined && resolved.url.startsWith(sources)
      ? { ...resolved, url: resolved.url + query }
      : resolved;
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const [, file, index] = url.match(/\/src\/([\w-]+\.ts)\?mutant=(\d+)$/) ?? [];
    const mutant = mutants[Number(index)];
    if (mutant === undefined || mutant.file !== file) return loaded;
    const code = String(loaded.source);
    const places = code.split(mutant.find).length - 1;
    if (places !== 1) throw new Error(`The text of "${mutant.name}" stands ${places} times in ${file}.`);
    return { ...loaded, source: code.replace(mutant.find, () => mutant.replace) };
  },
});

// Cases wait more than they work.
const AT_ONCE = 8;
const remaining = mutants.entries();
print("as it is", await killerOf(-1));
await Promise.all(Array.from({ length: AT_ONCE }, work));

async function work(): Promise<void> {
  for (const [index, { name }] of remaining) print(name, await killerOf(index));
}

function print(name: string, killer: string | undefined): void {
  process.stdout.write(`${JSON.stringify({ name, killer })}\n`);
}

async function killerOf(index: number): Promise<string | undefined> {
  // Files that are loaded when they are needed, too: one whose text has changed must not pass for killed.
  const file = mutants[index]?.file ?? "index.ts";
  await import(`${sources}${file}?mutant=${index}`);
  const mutated = await import(`${sources}index.ts?mutant=${index}`);
  for (const { id, run } of conformanceCases(target(mutated))) {
    try {
      await run();
    } catch {
      return id;
    }
  }
  return undefined;
}
