import type { Capabilities, ModelFacts, Support } from "@llamaduct/core";

/** What the application says of a model, in LiteLLM's words; its word wins over the host's. */
export interface ModelEntry {
  /** `false`: tools go through JSON. */
  readonly supports_function_calling?: boolean | undefined;
  readonly supports_response_schema?: boolean | undefined;
  readonly supports_reasoning?: boolean | undefined;
  readonly supports_vision?: boolean | undefined;
  /** The largest context, tokens. */
  readonly max_input_tokens?: number | undefined;
}

const CAPABILITIES = {
  supports_function_calling: "tools",
  supports_response_schema: "jsonSchema",
  supports_reasoning: "reasoning",
  supports_vision: "images",
} as const satisfies Partial<Record<keyof ModelEntry, keyof Capabilities>>;

/** Throws an `Error` for what an entry cannot say: prices and modes would have no effect. */
export function toModelFacts(model: string, entry: ModelEntry): ModelFacts {
  const { max_input_tokens: contextLength, ...flags } = entry;
  const capabilities: Record<string, Support> = {};
  for (const [name, value] of Object.entries(flags)) {
    if (!isFlag(name)) throw new Error(`Model "${model}": there is no "${name}".`);
    if (value !== undefined) capabilities[CAPABILITIES[name]] = value ? "native" : "none";
  }
  return {
    ...(Object.keys(capabilities).length > 0 && { capabilities }),
    ...(contextLength !== undefined && { contextLength }),
  };
}

function isFlag(name: string): name is keyof typeof CAPABILITIES {
  return Object.hasOwn(CAPABILITIES, name);
}
