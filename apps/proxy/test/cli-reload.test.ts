import { rm, writeFile } from "node:fs/promises";
import { startEmulator } from "@llamaduct/ollama-emulator";
import OpenAI from "openai";
import { expect, it, vi } from "vitest";
import { file, type RunningCommand, started } from "./run-command.ts";

const KEY = "sk-0f9d8c7b6a";
const hi = { role: "user", content: "hi" } as const;

it("serves what the file says now, and lets a stream end as it began", async () => {
  await using ollama = await startEmulator({ delayMs: 20 });
  const path = await file(config("first", ollama.url));
  const proxy = await started(["--config", path, "--port", "0"], {});
  const client = clientOf(proxy);
  const stream = await client.chat.completions.create({ model: "first", messages: [hi], stream: true });
  let text = "";
  for await (const chunk of stream) {
    if (text === "") await reload(proxy, path, config("second", ollama.url));
    text += chunk.choices[0]?.delta.content ?? "";
  }
  expect(text).toBe("The quick brown llama jumps over the lazy alpaca.");
  expect(await names(client)).toEqual(["second"]);
  await expect(client.chat.completions.create({ model: "first", messages: [hi] })).rejects.toMatchObject({
    status: 404,
  });
});

it("takes keys away that are not in the file any more", async () => {
  const path = await file(config("a", "http://127.0.0.1:1", KEY));
  const proxy = await started(["--config", path, "--port", "0", "--host", "127.0.0.1"], {});
  expect(await names(clientOf(proxy, KEY))).toEqual(["a"]);
  await reload(proxy, path, config("a", "http://127.0.0.1:1", `${KEY}-new`));
  await expect(names(clientOf(proxy, KEY))).rejects.toMatchObject({ status: 401 });
  expect(await names(clientOf(proxy, `${KEY}-new`))).toEqual(["a"]);
});

it.each([
  ["is no YAML", "model_list: [", "config.yaml"],
  ["has a fault", "model_list:\n  - model_name: b\n", "model_list[0].litellm_params"],
  ["has an address that is none", config("b", "ftp://x"), "api_base"],
  ["is gone", undefined, "cannot be read"],
])("keeps the old one when the new one %s, and says why", async (_, text, reason) => {
  const path = await file(config("a", "http://127.0.0.1:1"));
  const proxy = await started(["--config", path, "--port", "0"], {});
  if (text === undefined) await rm(path);
  else await writeFile(path, text);
  proxy.reload();
  await vi.waitFor(() => expect(proxy.log.at(-1)).toMatchObject({ reason: expect.stringContaining(reason) }));
  expect(await names(clientOf(proxy))).toEqual(["a"]);
});

it("does not serve everyone because the new file has no key", async () => {
  const path = await file(config("a", "http://127.0.0.1:1", KEY));
  const proxy = await started(["--config", path, "--port", "0"], {});
  expect(proxy.banner).toContain("on every address");
  await writeFile(path, config("b", "http://127.0.0.1:1"));
  proxy.reload();
  await vi.waitFor(() => expect(proxy.log.at(-1)).toMatchObject({ reason: expect.stringContaining("no master key") }));
  expect(await names(clientOf(proxy, KEY))).toEqual(["a"]);
});

it("--reload notices by itself", async () => {
  const path = await file(config("first", "http://127.0.0.1:1"));
  const proxy = await started(["--config", path, "--port", "0", "--reload"], {});
  await writeFile(path, config("second", "http://127.0.0.1:1"));
  await vi.waitFor(async () => expect(await names(clientOf(proxy))).toEqual(["second"]), { timeout: 10_000 });
});

it("without a config there is nothing to read again", async () => {
  const proxy = await started(["--port", "0"], { OLLAMA_HOST: "127.0.0.1:1" });
  proxy.reload();
  await vi.waitFor(() => expect(proxy.log.at(-1)).toMatchObject({ msg: "there is no config to read again" }));
});

function config(name: string, url: string, key?: string): string {
  return JSON.stringify({
    model_list: [{ model_name: name, litellm_params: { model: "ollama_chat/plain", api_base: url } }],
    ...(key !== undefined && { general_settings: { master_key: key } }),
  });
}

async function reload(proxy: RunningCommand, path: string, text: string): Promise<void> {
  await writeFile(path, text);
  proxy.reload();
  await vi.waitFor(() => expect(proxy.log.map(({ msg }) => msg)).toContain("config read again"));
}

function clientOf({ url }: RunningCommand, apiKey = "none"): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

async function names(client: OpenAI): Promise<readonly string[]> {
  return (await client.models.list()).data.map(({ id }) => id);
}
