import type { ProviderSettings } from "@llamaduct/core";
import { createLlamaduct } from "llamaduct";
import { StartError } from "../cli/start-error.ts";

export interface Demo {
  readonly settings: Readonly<Record<string, ProviderSettings>>;
  /** A recorded model with an ordinary answer; others were recorded to be difficult. */
  readonly model: string;
  close(): Promise<void>;
}

const PATIENCE_MS = 2_000;
/** Slow enough to see that an answer streams. */
const TOKEN_DELAY_MS = 40;

/** Recorded answers in place of an Ollama, or `undefined` when a real one answers. */
export async function startDemo(settings: Demo["settings"]): Promise<Demo | undefined> {
  if (await answers(settings)) return undefined;
  const { startEmulator } = await loadEmulator();
  const emulator = await startEmulator({ delayMs: TOKEN_DELAY_MS });
  const everywhere = Object.keys(settings).map((id) => [id, { baseURL: emulator.url }] as const);
  return { settings: Object.fromEntries(everywhere), model: "plain", close: () => emulator.close() };
}

async function answers(settings: Demo["settings"]): Promise<boolean> {
  try {
    await createLlamaduct({ settings }).listModels({ signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    // Whatever keeps it from answering: there is nothing to show but the demo, which says that it is one.
    return false;
  }
}

/** Not installed along with the proxy: nobody needs recordings in production. */
async function loadEmulator(): Promise<typeof import("@llamaduct/ollama-emulator")> {
  try {
    return await import("@llamaduct/ollama-emulator");
  } catch {
    throw new StartError("No Ollama answers, and --demo needs the package @llamaduct/ollama-emulator.");
  }
}
