import { type Emulator, type OllamaVersion, startEmulator } from "@llamaduct/ollama-emulator";
import { onTestFinished } from "vitest";
import { createLlamaduct, type Llamaduct, type LlamaductOptions } from "../src/index.ts";

export interface TestEngine {
  readonly engine: Llamaduct;
  readonly emulator: Emulator;
  /** Bodies sent to a path of the emulator, in order. */
  bodies(path: string): readonly Readonly<Record<string, unknown>>[];
}

/** An engine on an emulator of its own, for both providers; it ends with the test. */
export async function startEngine(options: LlamaductOptions = {}, version?: OllamaVersion): Promise<TestEngine> {
  const emulator = await startEmulator({ version });
  onTestFinished(() => emulator.close());
  const settings = { ollama_chat: { baseURL: emulator.url }, ollama: { baseURL: emulator.url } };
  return {
    // Unwatched: what the emulator is asked is what a test has asked.
    engine: createLlamaduct({ settings, routing: { status: { intervalMs: 0 } }, ...options }),
    emulator,
    bodies: (wanted) =>
      // Only objects are sent.
      emulator.requests.filter(({ path }) => path === wanted).map(({ body }) => body as Record<string, unknown>),
  };
}
