import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Provider } from "@llamaduct/core";
import { afterAll, expect, it } from "vitest";
import { generate } from "../src/generate.ts";

const example = fileURLToPath(new URL("../../../examples/custom-provider", import.meta.url));
const parent = mkdtempSync(join(tmpdir(), "create-llamaduct-provider-"));
const { folder, files } = generate("acme", parent);
afterAll(() => rmSync(parent, { recursive: true }));

/** Where the example goes on from what was generated: it has tools and reasoning, and is not published. */
const FINISHED = ["package.json", "src/index.ts", "src/read-answer.ts", "src/to-body.ts", "test/conformance.ts"];

it("the example has the files that are generated, and no others", () => {
  const entries = readdirSync(example, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const there = entries.map((entry) => join(entry.parentPath, entry.name).slice(example.length + 1));
  expect(there.filter((file) => !/^(node_modules|dist)\/|^\.turbo/.test(file)).sort()).toEqual([...files].sort());
});

it.each(files.filter((file) => !FINISHED.includes(file)))("%s is as it is generated", (file) => {
  expect(readFileSync(join(example, file), "utf8")).toBe(readFileSync(join(parent, folder, file), "utf8"));
});

it("package.json is as it is generated, but private", () => {
  const generated = JSON.parse(readFileSync(join(parent, folder, "package.json"), "utf8"));
  expect(JSON.parse(readFileSync(join(example, "package.json"), "utf8"))).toEqual({ ...generated, private: true });
});

it("a header of the settings stands once in a request, however it is spelt", async () => {
  // What the file exports, which lies outside of this package.
  const { createAcme } = (await import(join(example, "src/index.ts"))) as { createAcme(options: object): Provider };
  const sent: unknown[] = [];
  const model = createAcme({
    baseURL: "http://host/v1",
    apiKey: "key",
    headers: { Authorization: "Basic other", "Content-Type": "text/plain", "X-Team": "a" },
    transport: async ({ headers }: { readonly headers: unknown }) => {
      sent.push(headers);
      throw new Error("no network");
    },
  }).chatModel?.("m");
  const messages = [{ role: "user", content: [{ type: "text", text: "hi" }] }] as const;
  await expect(model?.stream({ messages })[Symbol.asyncIterator]().next()).rejects.toThrow("errors.provider-error");
  expect(sent).toEqual([{ "x-team": "a", authorization: "Bearer key", "content-type": "application/json" }]);
});

it("the example skips nothing, and passes the kit under node:test", { timeout: 60_000 }, () => {
  expect(readFileSync(join(example, "test/conformance.ts"), "utf8")).not.toContain("skip");
  const args = ["--conditions=@llamaduct/source", "--test", "--test-reporter=tap", "test/conformance.ts"];
  const output = execFileSync(process.execPath, args, {
    cwd: example,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  expect(output).toMatch(/^# fail 0$/m);
  expect(Number(output.match(/^# pass (\d+)$/m)?.[1])).toBeGreaterThan(50);
});
