import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("npx llamaduct says how to start the proxy", async () => {
  const { bin } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  // npx runs a package's only command, whatever it is called; `llamaduct` is the proxy's, wherever both are installed.
  expect(Object.entries(bin)).toEqual([["llamaduct-hint", "./dist/main.js"]]);
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const { error, stderr } = await new Promise<{ error: Error | null; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, "--config", "config.yaml"], (error, _, stderr) => resolve({ error, stderr }));
  });
  expect(stderr).toContain("npx @llamaduct/proxy --config config.yaml");
  expect(error).toMatchObject({ code: 1 });
});
