import { ProviderError } from "@llamaduct/core";
import type { Llamaduct } from "llamaduct";

export interface BannerFacts {
  readonly engine: Llamaduct;
  readonly address: string;
  readonly port: number;
  readonly hasKey: boolean;
  /** A model worth trying, when recordings answer in place of an Ollama. */
  readonly demoModel: string | undefined;
}

const MAX_SHOWN = 8;

/** What a person wants to know first: where it listens, what it serves, and a line to paste. */
export async function banner({ engine, address, port, hasKey, demoModel }: BannerFacts): Promise<string> {
  const { names, problem } = await modelNames(engine);
  const url = `http://${reachable(address)}:${port}`;
  const lines = [
    `llamaduct listens on ${url}`,
    ...(demoModel !== undefined
      ? ["DEMO: no Ollama answered, so these are answers recorded from a real one, whatever you ask."]
      : []),
    problem ?? `models: ${shown(names)}`,
    `base URL for an OpenAI client: ${url}/v1`,
    ...(hasKey ? [] : ["no master key: anyone who reaches this address may use it"]),
    "",
    curl(url, demoModel ?? names.find((name) => !EMBEDDER.test(name)) ?? names[0] ?? "llama3.2", hasKey),
  ];
  return lines.join("\n");
}

/** By their names, since a listing says no more: an embedding model would answer the first question with an error. */
const EMBEDDER = /embed|minilm|\bbge\b/i;

async function modelNames(engine: Llamaduct): Promise<{ names: readonly string[]; problem?: string }> {
  try {
    const { data } = await engine.listModels({ signal: AbortSignal.timeout(2_000) });
    return { names: data.map(({ id }) => id) };
  } catch (error) {
    const reason = error instanceof ProviderError ? error.message : "It does not answer.";
    return { names: [], problem: `models: none yet. ${reason} Start it with \`ollama serve\`, or set OLLAMA_HOST.` };
  }
}

function shown(names: readonly string[]): string {
  if (names.length === 0) return "none yet; `ollama pull llama3.2` gets one";
  const more = names.length > MAX_SHOWN ? `, and ${names.length - MAX_SHOWN} more` : "";
  return names.slice(0, MAX_SHOWN).join(", ") + more;
}

function curl(url: string, model: string, hasKey: boolean): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Why is the sky blue?" }], stream: true });
  const key = hasKey ? `-H "Authorization: Bearer $LITELLM_MASTER_KEY" ` : "";
  return `curl -N ${url}/v1/chat/completions -H 'content-type: application/json' ${key}-d '${body}'`;
}

function reachable(address: string): string {
  if (address === "0.0.0.0" || address === "::") return "127.0.0.1";
  return address.includes(":") ? `[${address}]` : address;
}
