import {
  type ChatRequest,
  type JsonObject,
  type JsonValue,
  ProviderError,
  type SettingName,
  type Settings,
  type Warning,
} from "@llamaduct/core";

/** The contract's settings as servers spell them. `top_k` and `min_p` are not OpenAI's, but nearly everybody else's. */
export const FIELD_OF_SETTING: Readonly<Record<Exclude<SettingName, "logprobs">, string>> = {
  maxOutputTokens: "max_tokens",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  logitBias: "logit_bias",
  seed: "seed",
  stop: "stop",
};

/** Would change how the answer comes, which is not the caller's to decide. */
const OWN_FIELDS = ["model", "messages", "prompt", "input", "stream", "stream_options", "n", "best_of", "echo"];

export interface FieldsOptions {
  /** Fields that the request's own members became. They win over an extra of the same name. */
  readonly own: Readonly<Record<string, JsonValue | undefined>>;
  readonly warnings?: readonly Warning[] | undefined;
}

/**
 * A request's body: extras as the caller spelt them, for every server has some of its own, and over them what `own` and
 * the settings say. An extra that would be overwritten is a warning, or `unsupported` under `strictSettings`.
 */
export function toRequestFields(
  { extra = {}, strictSettings }: Pick<ChatRequest, "extra" | "strictSettings">,
  { own, warnings = [] }: FieldsOptions,
): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const fields = Object.fromEntries(Object.entries(own).filter(isPresent));
  const given = Object.entries(extra).filter(([, value]) => value !== null);
  const [sent, ignored] = partition(given, ([name]) => !OWN_FIELDS.includes(name) && !Object.hasOwn(fields, name));
  const all = [
    ...warnings,
    ...ignored.map(([name]) => ({ setting: `extra.${name}`, message: `"${name}" is set by the provider itself.` })),
  ];
  const [first] = all;
  if (strictSettings === true && first !== undefined)
    throw new ProviderError({ code: "unsupported", message: first.message, setting: first.setting });
  return { body: { ...Object.fromEntries(sent), ...fields }, warnings: all };
}

/** Settings but `logprobs`, which chats and text completions spell differently. */
export function toSettingFields(settings: Settings = {}): Record<string, JsonValue | undefined> {
  const entries = Object.entries(FIELD_OF_SETTING).map(([name, field]) => {
    // A key of that table is one of the settings.
    const value = settings[name as keyof typeof FIELD_OF_SETTING];
    return [field, value] as const;
  });
  return Object.fromEntries(entries);
}

function isPresent(entry: readonly [string, JsonValue | undefined]): entry is [string, JsonValue] {
  return entry[1] !== undefined;
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
