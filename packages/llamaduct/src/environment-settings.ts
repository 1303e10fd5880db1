import type { ProviderSettings } from "@llamaduct/core";

/**
 * How to reach the default Ollama, from the variables that LiteLLM and Ollama use: `OLLAMA_API_BASE`, else `OLLAMA_HOST`,
 * and `OLLAMA_API_KEY`. For `settings` of `createLlamaduct`.
 */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, ProviderSettings>> {
  const { OLLAMA_API_BASE, OLLAMA_HOST, OLLAMA_API_KEY } = environment;
  const settings = { baseURL: OLLAMA_API_BASE || OLLAMA_HOST, apiKey: OLLAMA_API_KEY || undefined };
  return { ollama_chat: settings, ollama: settings };
}
