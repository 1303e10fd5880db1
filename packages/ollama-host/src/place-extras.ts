import { type JsonObject, type JsonValue, ProviderError, type Warning } from "@llamaduct/core";
import { coerce, isJsonObject, type Kind } from "./coerce.ts";

export type Endpoint = "chat" | "generate" | "embed";

/** Options of the model runner, by their own names (ollama `api/types.go`, 0.24 to 0.33). */
export const OPTIONS: Readonly<Record<string, Kind>> = {
  num_keep: "integer",
  seed: "integer",
  num_predict: "integer",
  top_k: "integer",
  top_p: "number",
  min_p: "number",
  typical_p: "number",
  repeat_last_n: "integer",
  temperature: "number",
  repeat_penalty: "number",
  presence_penalty: "number",
  frequency_penalty: "number",
  stop: "strings",
  num_ctx: "integer",
  num_batch: "integer",
  num_gpu: "integer",
  main_gpu: "integer",
  use_mmap: "boolean",
  num_thread: "integer",
  draft_num_predict: "integer",
};

/** Options that older servers had; current ones ignore them, so sending them would only look as if it worked. */
export const FORMER_OPTIONS: readonly string[] = [
  "mirostat",
  "mirostat_eta",
  "mirostat_tau",
  "tfs_z",
  "penalize_newline",
  "numa",
  "low_vram",
  "f16_kv",
  "vocab_only",
  "use_mlock",
  "logits_all",
  "embedding_only",
];

interface BodyField {
  readonly kind: Kind;
  readonly endpoints: readonly Endpoint[];
}

/** Fields beside `options` that the contract has no name for. */
export const BODY_FIELDS: Readonly<Record<string, BodyField>> = {
  keep_alive: { kind: "duration", endpoints: ["chat", "generate", "embed"] },
  truncate: { kind: "boolean", endpoints: ["chat", "generate", "embed"] },
  think: { kind: "think", endpoints: ["chat", "generate"] },
  format: { kind: "format", endpoints: ["chat", "generate"] },
  shift: { kind: "boolean", endpoints: ["chat", "generate"] },
  raw: { kind: "boolean", endpoints: ["generate"] },
  template: { kind: "string", endpoints: ["generate"] },
  system: { kind: "string", endpoints: ["generate"] },
  context: { kind: "context", endpoints: ["generate"] },
};

/** Extras as Ollama takes them, by where they go in a request's body. */
export interface PlacedExtras {
  readonly options: JsonObject;
  readonly body: JsonObject;
  /** Of those that have no effect. */
  readonly warnings: readonly Warning[];
}

/** Throws `invalid_value` for a value that the server would not take. */
export function placeExtras(extra: JsonObject, endpoint: Endpoint): PlacedExtras {
  const options: Record<string, JsonValue> = {};
  const body: Record<string, JsonValue> = {};
  const warnings: Warning[] = [];
  for (const [name, value] of Object.entries(spreadOptions(extra))) {
    const setting = `extra.${name}`;
    const option = own(OPTIONS, name);
    const field = own(BODY_FIELDS, name);
    if (option !== undefined) options[name] = coerce(option, value, setting);
    else if (field?.endpoints.includes(endpoint)) body[name] = coerce(field.kind, value, setting);
    else warnings.push({ setting, message: noSuchField(name, endpoint) });
  }
  return { options, body, warnings };
}

/** `options: { num_ctx: … }` and `num_ctx: …` say the same; the outer one wins. `null` means absent. */
function spreadOptions(extra: JsonObject): JsonObject {
  const { options, ...rest } = extra;
  if (options !== undefined && options !== null && !isJsonObject(options))
    throw new ProviderError({
      code: "invalid_value",
      message: "options must be an object.",
      setting: "extra.options",
    });
  return withoutNulls({ ...(isJsonObject(options) && options), ...rest });
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

/** Names come from clients: `constructor` is none of ours. */
function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function noSuchField(name: string, endpoint: Endpoint): string {
  if (FORMER_OPTIONS.includes(name)) return `Ollama no longer has the option "${name}".`;
  if (Object.hasOwn(BODY_FIELDS, name)) return `"${name}" has no effect on ${WORK[endpoint]}.`;
  return `Ollama has no field "${name}".`;
}

const WORK: Readonly<Record<Endpoint, string>> = {
  chat: "a chat",
  generate: "a completion",
  embed: "an embedding",
};
