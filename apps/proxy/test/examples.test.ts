import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, vi } from "vitest";
import { startProxy } from "./start-proxy.ts";

// Starting Node takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

const TEXT = "The quick brown llama jumps over the lazy alpaca.";
const example = (path: string) => fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));

it("openai-node/chat.ts", async () => {
  expect(await runExample(process.execPath, [example("openai-node/chat.ts"), "plain"])).toBe(`${TEXT}\n${TEXT}\n`);
});

it.skipIf(spawnSync("curl", ["--version"]).error !== undefined)("curl/chat.sh", async () => {
  expect(await runExample(example("curl/chat.sh"), ["plain"])).toMatch(/^data: \{.*\n\ndata: \[DONE\]\n\n$/s);
});

async function runExample(command: string, args: readonly string[]): Promise<string> {
  const { url } = await startProxy({ masterKey: "sk-1" });
  const env = { ...process.env, OPENAI_BASE_URL: `${url}/v1`, LITELLM_MASTER_KEY: "sk-1" };
  const { stdout } = await promisify(execFile)(command, [...args], { env });
  return stdout;
}
