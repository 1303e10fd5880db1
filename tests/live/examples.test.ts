import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";

const sentence = "The quick brown llama jumps over the lazy alpaca.";
const root = fileURLToPath(new URL("../..", import.meta.url));
const examples = join(root, "examples/typescript");
const OLLAMA_HOST = inject("ollamaURL");

/** Where an example finds the packages that it tells its reader to install: the sources. */
const project = mkdtempSync(join(tmpdir(), "llamaduct-examples-"));
beforeAll(() => {
  const installed = {
    llamaduct: "packages/llamaduct",
    "@llamaduct/core": "packages/core",
    "@llamaduct/json-tool-calls": "packages/json-tool-calls",
    "@llamaduct/ollama-chat": "packages/ollama-chat",
    zod: "packages/llamaduct/node_modules/zod",
  };
  for (const [name, folder] of Object.entries(installed)) {
    const link = join(project, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, folder), link);
  }
  for (const file of readdirSync(examples)) symlinkSync(join(examples, file), join(project, file));
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(project, { recursive: true }));

async function runExample(file: string, ...models: readonly string[]): Promise<string> {
  const options = ["--conditions=@llamaduct/source", "--preserve-symlinks-main", join(project, file)];
  const env = { ...process.env, OLLAMA_HOST };
  const { stdout } = await promisify(execFile)(process.execPath, [...options, ...models], { env });
  return stdout;
}

/** 0.24.0 sends the members of arguments in any order. */
const WEATHER_CALL =
  /^get_current_weather \{("location":"Boston, MA","unit":"celsius"|"unit":"celsius","location":"Boston, MA")\}$/;

describe("examples/typescript against a real server", () => {
  it.each<[string, readonly string[], readonly (string | RegExp)[]]>([
    [
      "chat.ts",
      ["ollama_chat/llamaduct/plain"],
      [sentence, sentence, "404 model_not_found The server does not have this model."],
    ],
    ["tools.ts", ["ollama_chat/llamaduct/tools"], [WEATHER_CALL, sentence]],
    ["json-schema.ts", ["ollama_chat/llamaduct/jsonish"], ["YES 8"]],
    ["text.ts", ["ollama/llamaduct/coder", "ollama/llamaduct/embedder"], ["return a + b", "", /^\[ \d+, \d+ \]$/]],
    [
      "by-hand.ts",
      ["llamaduct/plain"],
      [
        /^ollama_chat\/llamaduct\/plain finished \d/,
        `[{"type":"text","text":"${sentence}"}] stop`,
        /^echo\/any finished \d/,
        /Why is the sky blue\?.* stop$/,
      ],
    ],
  ])("%s", async (file, models, lines) => {
    const printed = (await runExample(file, ...models)).trimEnd().split("\n");
    expect(printed).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) {
      if (typeof line === "string") expect(printed[index]).toBe(line);
      else expect(printed[index]).toMatch(line);
    }
  });

  it("vision.ts: a model that does not see is not shown the picture", async () => {
    const asked = runExample("vision.ts", "ollama_chat/llamaduct/plain");
    await expect(asked).rejects.toMatchObject({ stderr: expect.stringContaining("This model does not take images.") });
  });

  it("are all of them", () => {
    expect(readdirSync(examples).sort()).toEqual([
      "by-hand.ts",
      "chat.ts",
      "json-schema.ts",
      "text.ts",
      "tools.ts",
      "vision.ts",
    ]);
  });
});
