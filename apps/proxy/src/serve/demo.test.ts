import { startEmulator } from "@llamaduct/ollama-emulator";
import { createLlamaduct } from "llamaduct";
import { expect, it, onTestFinished } from "vitest";
import { startDemo } from "./demo.ts";

it("is not started when an Ollama answers", async () => {
  await using ollama = await startEmulator();
  expect(await startDemo({ ollama_chat: { baseURL: ollama.url } })).toBeUndefined();
});

it.each([
  ["refuses", "refuse"],
  ["is silent", "silenceBeforeHeaders"],
])("answers in place of an Ollama that %s", async (_, fault) => {
  await using ollama = await startEmulator();
  ollama.enqueue({ path: "/api/tags", fault: { [fault]: true } as { refuse: true }, times: 9 });
  const demo = await startDemo({ ollama_chat: { baseURL: ollama.url, apiKey: "secret" } });
  onTestFinished(() => demo?.close());
  expect(Object.keys(demo?.settings ?? {})).toEqual(["ollama_chat"]);
  // A key belongs to its host, and the demo is another one.
  expect(demo?.settings["ollama_chat"]).toEqual({ baseURL: expect.stringMatching(/^http:/) });
  const { data } = await createLlamaduct({ settings: demo?.settings }).listModels();
  expect(data.map(({ id }) => id)).toContain("plain:latest");
});
