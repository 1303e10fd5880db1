import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withParameterTable } from "./parameter-table.ts";

/** `vitest run packages/ollama-host/test -u` writes them. */
it.each([
  ["ollama-chat", "chat"],
  ["ollama-generate", "generate"],
] as const)("the README of %s tells what becomes of every parameter", async (name, endpoint) => {
  const path = new URL(`../../${name}/README.md`, import.meta.url).pathname;
  await expect(withParameterTable(readFileSync(path, "utf8"), endpoint)).toMatchFileSnapshot(path);
});
