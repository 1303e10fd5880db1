import { createLlamaduct, type Llamaduct, type LlamaductOptions } from "llamaduct";
import { StartError } from "../cli/start-error.ts";

/** The engine; what it does not accept is a fault of the configuration, and a `StartError`. */
export function startEngine(options: LlamaductOptions): Llamaduct {
  try {
    return createLlamaduct(options);
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}
