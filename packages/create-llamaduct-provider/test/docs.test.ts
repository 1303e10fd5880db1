import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../../../docs/writing-a-provider.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```ts no-run: [^\n]*\n\/\/ (\S+)\n(.*?)^```$/gms)].map(
  ([, file = "", code = ""]) => [file, code] as const,
);

it("every block of code says which file it is from", () => {
  expect(blocks.length).toBe(page.match(/^```ts\b/gm)?.length);
});

it.each(blocks)("what stands there of %s is the example's", (file, code) => {
  expect(readFileSync(new URL(`../../../examples/custom-provider/${file}`, import.meta.url), "utf8")).toContain(code);
});
