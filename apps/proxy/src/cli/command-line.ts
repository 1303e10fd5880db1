import { parseArgs } from "node:util";

export interface CommandLine {
  readonly config: string | undefined;
  readonly host: string | undefined;
  readonly port: number;
  readonly demo: boolean;
  readonly imageUrls: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

export const DEFAULT_PORT = 4000;

export const HELP: string = `llamaduct: Ollama behind the OpenAI API

Usage: llamaduct [options]

  --config FILE   LiteLLM's config.yaml; without it every model of the default Ollama is served
  --host ADDRESS  where to listen (default: 127.0.0.1, or 0.0.0.0 with a master key)
  --port NUMBER   default: ${DEFAULT_PORT}
  --image-urls    fetch images that requests name by a public https URL
  --demo          without --config: answer from recordings when no Ollama does
  --help          this text
  --version       the version

The default Ollama is OLLAMA_API_BASE, else OLLAMA_HOST, else http://127.0.0.1:11434; its key is OLLAMA_API_KEY.
LITELLM_MASTER_KEY is the key that clients must send, unless the config names one.`;

/** Reads the arguments. Throws an `Error` whose message says what is wrong with them. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: "string", short: "c" },
      host: { type: "string" },
      port: { type: "string" },
      demo: { type: "boolean" },
      "image-urls": { type: "boolean" },
      help: { type: "boolean", short: "h" },
      version: { type: "boolean", short: "v" },
    },
  });
  return {
    config: values.config,
    host: values.host,
    port: toPort(values.port),
    demo: values.demo === true,
    imageUrls: values["image-urls"] === true,
    help: values.help === true,
    version: values.version === true,
  };
}

function toPort(text: string = String(DEFAULT_PORT)): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535 && text.trim() !== "") return port;
  throw new Error(`--port must be a number from 0 to 65535, not "${text}".`);
}
