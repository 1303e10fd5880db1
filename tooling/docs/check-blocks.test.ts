import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../workspace.ts";
import { checkCommands } from "./check-commands.ts";
import { checkConfigs, checkJson } from "./check-data.ts";
import { type Block, readBlocks } from "./read-blocks.ts";
import type { Stage } from "./stage.ts";

const block = (code: string): Block => ({ source: "page.md:2", language: "x", note: "", code: `${code}\n` });
/** For what does not run. */
const stage: Stage = { set: (code) => code, environment: process.env, [Symbol.asyncDispose]: async () => {} };

it("a page's blocks have their language, what follows it, and the line where they begin", () => {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-docs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, "page.md"),
    "# A\n\n```ts run\na;\nb;\n```\n\n```\noutput\n```\n```sh no-run: needs Docker\nc\n```\n",
  );
  const page = relative(root, join(folder, "page.md"));
  expect(readBlocks(page)).toEqual([
    { source: `${page}:4`, language: "ts", note: "run", code: "a;\nb;\n" },
    { source: `${page}:12`, language: "sh", note: "no-run: needs Docker", code: "c\n" },
  ]);
});

it.each([
  ["npx @llamaduct/proxy --config config.yaml # LiteLLM's file", []],
  ["LITELLM_MASTER_KEY=sk-1 llamaduct \\\n  --port 4010", []],
  ["npm install llamaduct @llamaduct/core zod", []],
  ["llamaduct --confg x", ["page.md:2: There is no flag --confg. Did you mean --config?"]],
  ["llamaduct --run_gunicorn", ["page.md:2: --run-gunicorn has no effect. Node.js serves by itself."]],
  ["npm install @llamaduct/nothing", ["page.md:2: there is no package @llamaduct/nothing"]],
  ["docker compose up", ['page.md:2: nothing checks "docker compose up": say "no-run" and why']],
])("of the commands %j it finds %j", async (code, findings) => {
  expect(await checkCommands([block(code)], stage)).toEqual(findings);
});

it.each([
  ["model_list: [{ model_name: a, litellm_params: { model: ollama_chat/b, api_key: os.environ/NOT_SET } }]", []],
  ["modell_list: []", [expect.stringContaining('Nobody reads this key. Did you mean "model_list"?')]],
  ["litellm_settings: { num_retries: many }", [expect.stringContaining("num_retries must be a whole number")]],
])("of the config %j it finds %j", async (code, findings) => {
  expect(await checkConfigs([block(code)])).toEqual(findings);
});

it("JSON is parsed", async () => {
  expect(await checkJson([block('{"a": 1}'), block("{a}")])).toEqual([expect.stringMatching(/^page\.md:2: /)]);
});
