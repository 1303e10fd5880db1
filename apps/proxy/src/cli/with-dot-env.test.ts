import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { withDotEnv } from "./with-dot-env.ts";

it("adds what is not set", async () => {
  const path = await file('PORT=4001\nLITELLM_MASTER_KEY="sk-a b" # ours\n');
  expect(await withDotEnv({ PORT: "1" }, path)).toEqual({ PORT: "1", LITELLM_MASTER_KEY: "sk-a b" });
});

it("is not read in LiteLLM's mode for production", async () => {
  const environment = { LITELLM_MODE: "PRODUCTION" };
  expect(await withDotEnv(environment, await file("PORT=4001"))).toEqual(environment);
});

it("need not be there", async () => {
  expect(await withDotEnv({ A: "1" }, "/nowhere/.env")).toEqual({ A: "1" });
});

async function file(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llamaduct-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, ".env"), text);
  return join(folder, ".env");
}
