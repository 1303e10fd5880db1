import { createHash } from "node:crypto";
import { scriptedModels } from "./models.ts";
import { scriptedGguf } from "./scripted-gguf.ts";

/**
 * Creates the scripted models on the Ollama server at `baseURL`, through its own API and without our packages, which are
 * what these models test. Those that exist are made anew (all of it takes a second): none is ever stale.
 */
export async function createModels(baseURL: string): Promise<void> {
  for (const { gguf, name, ...model } of scriptedModels) {
    const files = { "scripted.gguf": await upload(baseURL, scriptedGguf(gguf)) };
    // Of so small a model, threads mostly wait for each other, spinning: on busy processors that takes minutes.
    const parameters = { num_thread: 1, ...model.parameters };
    const body = JSON.stringify({ model: name, files, ...model, parameters, stream: false });
    await expectOk(await fetch(`${baseURL}/api/create`, { method: "POST", body }), `create ${name}`);
  }
}

async function upload(baseURL: string, file: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = `sha256:${createHash("sha256").update(file).digest("hex")}`;
  const url = `${baseURL}/api/blobs/${digest}`;
  const { ok } = await fetch(url, { method: "HEAD" });
  if (!ok) await expectOk(await fetch(url, { method: "POST", body: file }), "store a model file");
  return digest;
}

async function expectOk(response: Response, what: string): Promise<void> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} refused to ${what}: ${response.status} ${text}`);
}
