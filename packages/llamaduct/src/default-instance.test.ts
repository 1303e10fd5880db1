import { startEmulator } from "@llamaduct/ollama-emulator";
import { expect, it, vi } from "vitest";

it.each([
  ["OLLAMA_API_BASE", { OLLAMA_HOST: "http://127.0.0.1:1" }],
  ["OLLAMA_HOST", {}],
])("completion() and listModels() use %s", async (variable, others) => {
  await using emulator = await startEmulator();
  vi.resetModules();
  vi.stubEnv("OLLAMA_API_BASE", undefined);
  for (const [name, value] of Object.entries({ ...others, [variable]: emulator.url, OLLAMA_API_KEY: "k" }))
    vi.stubEnv(name, value);
  const { completion, listModels } = await import("./index.ts");
  const messages = [{ role: "user", content: "hi" }] as const;
  const { choices } = await completion({ model: "ollama_chat/plain", messages });
  expect(choices[0]?.message.content).toContain("llama");
  expect((await listModels()).data.length).toBeGreaterThan(10);
  for (const { headers } of emulator.requests) expect(headers["authorization"]).toBe("Bearer k");
  vi.unstubAllEnvs();
});
