// What a first chat loads of a bundle: it is had, and the files that were read for it are told.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { startEmulator } from "../packages/ollama-emulator/src/index.ts";
import { root } from "./workspace.ts";

type Llamaduct = Pick<typeof import("../packages/llamaduct/src/index.ts"), "createLlamaduct">;

/** Its files by name, one of them `index.js`. Gives the names of those that a whole and a streamed chat have loaded. */
export async function filesOfFirstChat(
  files: ReadonlyMap<string, Uint8Array>,
  model: `${"ollama" | "ollama_chat"}/plain`,
): Promise<ReadonlySet<string>> {
  const parent = join(root, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "first-chat-"));
  const [provider = ""] = model.split("/");
  const loaded = new Set<string>();
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const here = pathToFileURL(`${folder}/`).href;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      // What the bundle leaves out is where its own packages find it.
      const owner = OWNERS[specifier];
      return next(specifier, owner === undefined ? context : { ...context, parentURL: pathToFileURL(owner).href });
    },
    load(url, context, next) {
      if (url.startsWith(here)) loaded.add(basename(url));
      return next(url, context);
    },
  });
  try {
    await using emulator = await startEmulator();
    const { createLlamaduct }: Llamaduct = await import(pathToFileURL(join(folder, "index.js")).href);
    const { completion } = createLlamaduct({ settings: { [provider]: { baseURL: emulator.url } } });
    const request = { model, messages: [{ role: "user", content: "hi" }], temperature: 0, max_tokens: 50 } as const;
    await completion(request);
    for await (const _ of await completion({ ...request, stream: true }));
  } finally {
    hooks.deregister();
    rmSync(folder, { recursive: true });
  }
  return loaded;
}

const OWNERS: Readonly<Record<string, string>> = {
  undici: join(root, "packages/http/package.json"),
  zod: join(root, "packages/openai-dialect/package.json"),
};
