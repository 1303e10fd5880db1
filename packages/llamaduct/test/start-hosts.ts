import { type Emulator, startEmulator } from "@llamaduct/ollama-emulator";
import { onTestFinished } from "vitest";
import { createLlamaduct, type Deployment, type Llamaduct, type LlamaductOptions } from "../src/index.ts";

export interface TestHosts {
  readonly engine: Llamaduct;
  readonly emulators: readonly Emulator[];
  /** What each was asked to answer: bodies sent to `/api/chat`, `/api/generate` or `/api/embed`. */
  asked(host: number): readonly Readonly<Record<string, unknown>>[];
}

export interface TestHostsOptions extends Omit<LlamaductOptions, "deployments"> {
  /** One host each. */
  readonly deployments: readonly (Pick<Deployment, "name"> & Partial<Deployment>)[];
}

/** An engine over several emulators, whose deployments call the model `plain` unless they say otherwise. Unwatched. */
export async function startHosts({ deployments, routing, ...options }: TestHostsOptions): Promise<TestHosts> {
  const emulators = await Promise.all(deployments.map(() => startEmulator()));
  const engine = createLlamaduct({
    deployments: deployments.map((deployment, index) => ({
      model: "ollama_chat/plain",
      settings: { baseURL: emulators[index]?.url },
      ...deployment,
    })),
    routing: { status: { intervalMs: 0 }, ...routing },
    ...options,
  });
  onTestFinished(async () => {
    engine.close();
    await Promise.all(emulators.map((emulator) => emulator.close()));
  });
  const asked = (host: number) =>
    // Only objects are sent.
    (emulators[host]?.requests ?? [])
      .filter(({ path }) => ["/api/chat", "/api/generate", "/api/embed"].includes(path))
      .map(({ body }) => body as Record<string, unknown>);
  return { engine, emulators, asked };
}
