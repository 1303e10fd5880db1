import { setTimeout } from "node:timers/promises";
import { ProviderError } from "@llamaduct/core";
import type { Llamaduct } from "llamaduct";
import { type ListeningAt, toUrl } from "../cli/base-url.ts";
import type { Colours } from "../cli/colours.ts";

export interface BannerFacts {
  readonly engine: Llamaduct;
  readonly at: ListeningAt;
  readonly version: string;
  readonly hasKey: boolean;
  /** The key where it was made just now, for it stands nowhere else. */
  readonly newKey: string | undefined;
  /** What else there is to know about where it listens. */
  readonly note: string | undefined;
  readonly workers: number;
  /** A model worth trying, when recordings answer in place of an Ollama. */
  readonly demoModel: string | undefined;
  readonly colours: Colours;
}

const MAX_SHOWN = 8;

/** What a person wants to know first: where it listens, what it serves, and a line to paste. */
export async function banner(facts: BannerFacts): Promise<string> {
  const { engine, at, version, hasKey, newKey, note, workers, demoModel, colours } = facts;
  const { names, problem } = await modelNames(engine);
  const url = toUrl(at);
  const reach = at.address === "0.0.0.0" || at.address === "::" ? ", on every address of this machine" : "";
  const lines = [
    `${colours.bold(`llamaduct ${version}`)} listens on ${colours.bold(url)}${reach}`,
    ...(note === undefined ? [] : [colours.warn(note)]),
    ...(newKey === undefined
      ? []
      : [`key: ${colours.bold(newKey)}, until it stops; LITELLM_MASTER_KEY sets one that stays`]),
    ...(demoModel === undefined ? [] : [colours.warn(DEMO)]),
    ...(workers === 1 ? [] : [`workers: ${workers}`]),
    problem === undefined ? `models: ${shown(names)}` : colours.warn(problem),
    ...(problem === undefined ? (await unreached(engine)).map(colours.warn) : []),
    `base URL for an OpenAI client: ${url}/v1`,
    "",
    colours.dim(
      curl({
        url,
        model: demoModel ?? names.find((name) => !EMBEDDER.test(name)) ?? names[0] ?? "llama3.2",
        key: newKey ?? (hasKey ? "$LITELLM_MASTER_KEY" : undefined),
      }),
    ),
  ];
  return lines.join("\n");
}

const DEMO = "DEMO: no Ollama answered, so these are answers recorded from a real one, whatever you ask.";

/** By their names, since a listing says no more: an embedding model would answer the first question with an error. */
const EMBEDDER = /embed|minilm|\bbge\b/i;

async function modelNames(engine: Llamaduct): Promise<{ names: readonly string[]; problem?: string }> {
  try {
    const { data } = await engine.listModels({ signal: AbortSignal.timeout(2_000) });
    return { names: data.map(({ id }) => id) };
  } catch (error) {
    const reason = error instanceof ProviderError ? error.message : "It does not answer.";
    return { names: [], problem: `models: none yet. ${reason} OLLAMA_HOST names another.` };
  }
}

/** Hosts that cannot be asked; one that has not said anything within a second is not waited for. */
async function unreached(engine: Llamaduct): Promise<readonly string[]> {
  const deadline = Date.now() + 1000;
  const isOpen = () => engine.states().some(({ seenAt, reason }) => seenAt === undefined && reason === undefined);
  while (isOpen() && Date.now() < deadline) await setTimeout(20);
  const told = engine
    .states()
    .flatMap(({ apiBase = "", reason }) => (reason === undefined ? [] : `${apiBase}: ${reason}`));
  return [...new Set(told)];
}

function shown(names: readonly string[]): string {
  if (names.length === 0) return "none yet; `ollama pull llama3.2` gets one";
  const more = names.length > MAX_SHOWN ? `, and ${names.length - MAX_SHOWN} more` : "";
  return names.slice(0, MAX_SHOWN).join(", ") + more;
}

interface Example {
  readonly url: string;
  readonly model: string;
  readonly key: string | undefined;
}

function curl({ url, model, key }: Example): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Why is the sky blue?" }], stream: true });
  const header = key === undefined ? "" : `-H "Authorization: Bearer ${key}" `;
  return `curl -N ${url}/v1/chat/completions -H 'content-type: application/json' ${header}-d '${body}'`;
}
