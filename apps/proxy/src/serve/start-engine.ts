import { createLlamaduct, type Llamaduct, type LlamaductOptions } from "llamaduct";
import { StartError } from "../cli/start-error.ts";

/** The engine, all of it loaded; what it does not accept is a fault of the configuration, and a `StartError`. */
export async function startEngine(options: LlamaductOptions): Promise<Llamaduct> {
  try {
    const engine = createLlamaduct(options);
    await engine.ready();
    return engine;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}
