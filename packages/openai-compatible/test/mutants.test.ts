import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { mutants } from "./mutants.ts";

it("the kit kills every mutant", { timeout: 300_000 }, async () => {
  const script = new URL("run-mutants.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@llamaduct/source", script]);
  const results: { name: string; killer?: string }[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(results).toHaveLength(mutants.length + 1);
  expect(results.filter(({ killer }) => killer === undefined)).toEqual([{ name: "as it is" }]);
  expect(mutants.length).toBeGreaterThanOrEqual(30);
});
