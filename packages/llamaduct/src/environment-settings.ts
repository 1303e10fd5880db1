import type { ProviderSettings } from "@llamaduct/core";

/**
 * How to reach the default hosts, from the variables that LiteLLM reads: `OLLAMA_API_BASE`, else `OLLAMA_HOST`, and
 * `OLLAMA_API_KEY`; `OPENAI_BASE_URL`, else `OPENAI_API_BASE`, and `OPENAI_API_KEY`. For `settings` of `createLlamaduct`.
 */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, ProviderSettings>> {
  const { OLLAMA_API_BASE, OLLAMA_HOST, OLLAMA_API_KEY } = environment;
  const { OPENAI_BASE_URL, OPENAI_API_BASE, OPENAI_API_KEY } = environment;
  const ollama = { baseURL: OLLAMA_API_BASE || OLLAMA_HOST, apiKey: OLLAMA_API_KEY || undefined };
  const openai = { baseURL: OPENAI_BASE_URL || OPENAI_API_BASE, apiKey: OPENAI_API_KEY || undefined };
  return { ollama_chat: ollama, ollama, openai };
}
