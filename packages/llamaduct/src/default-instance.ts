import type { CreateEmbeddingRequest, EmbeddingList, ModelList } from "@llamaduct/openai-dialect";
import type { CallParams, Completer, TextCompleter } from "./completion-request.ts";
import { createLlamaduct, type Llamaduct } from "./create-llamaduct.ts";
import { environmentSettings } from "./environment-settings.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";
import { type ModelEntry, toModelFacts } from "./model-entry.ts";
import { watchExchanges } from "./watch-exchanges.ts";

/**
 * One chat completion in OpenAI's JSON, from the model that `model` names: `ollama_chat/llama3.2`, or `llama3.2` alone.
 * Streamed when `stream` is true; read as an object when `response_format` is a schema; a text completion when there is a
 * `prompt` in place of `messages`. The host is `api_base` of the request, else `OLLAMA_API_BASE`, else `OLLAMA_HOST`, else
 * `http://127.0.0.1:11434`. Throws an `APIError`, which is a `ProviderError`, or the signal's own reason.
 */
export const completion: Completer = ((request: never, options?: LlamaductCall) =>
  defaultInstance().completion(request, options)) as Completer;

/** One text completion: `prompt` in place of `messages`. Otherwise as `completion`. */
export const textCompletion: TextCompleter = ((request: never, options?: LlamaductCall) =>
  defaultInstance().textCompletion(request, options)) as TextCompleter;

/** Vectors for a text or a list of them. Hosts and errors as with `completion`. */
export function embedding(
  request: CreateEmbeddingRequest & CallParams,
  options?: LlamaductCall,
): Promise<EmbeddingList> {
  return defaultInstance().embedding(request, options);
}

/** The models of the host that `completion` uses by default. */
export function listModels(options?: LlamaductCall): Promise<ModelList> {
  return defaultInstance().listModels(options);
}

/**
 * Says of models what their hosts do not: `{ "ollama_chat/llama3.1": { supports_function_calling: true } }`. For every
 * call after it. Throws an `Error` for what an entry cannot say.
 */
export function registerModel(entries: Readonly<Record<string, ModelEntry>>): void {
  for (const [model, entry] of Object.entries(entries)) toModelFacts(model, entry);
  for (const [model, entry] of Object.entries(entries)) models[model] = { ...models[model], ...entry };
}

/** Prints what is sent to hosts and what comes back to the standard error, keys masked; gives what turns it off again. */
export function turnOnDebug(): () => void {
  hideExchanges ??= watchExchanges(({ exchange, err, ...fields }, message) => {
    const said = Object.entries(fields).map(([name, value]) => `\n  ${name}: ${toText(value)}`);
    process.stderr.write(`llamaduct ${exchange} ${message}${said.join("")}${err ? `\n  ${err}` : ""}\n`);
  }, "bodies");
  return () => {
    hideExchanges?.();
    hideExchanges = undefined;
  };
}

let instance: Llamaduct | undefined;
let hideExchanges: (() => void) | undefined;
/** Without a prototype: every name is a model's. */
const models: Record<string, ModelEntry> = Object.create(null);

/** Made at the first call, from the environment as it is then: importing does nothing. */
function defaultInstance(): Llamaduct {
  instance ??= createLlamaduct({ settings: environmentSettings(process.env), allowApiBase: true, models });
  return instance;
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
