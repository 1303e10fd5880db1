import type { Capabilities, ChatRequest, Settings, StreamModel } from "@llamaduct/core";
import { OLLAMA_SETTINGS } from "./to-request-fields.ts";

/**
 * A model of the other adapter for the same server, to hand requests to. Its warnings are its own: of settings that
 * neither adapter has, core has told already.
 */
export function siblingModel<Request extends Pick<ChatRequest, "settings">>(
  model: StreamModel<Request>,
): StreamModel<Request> {
  return {
    provider: model.provider,
    modelId: model.modelId,
    capabilities: () => model.capabilities(),
    stream: (request, call) => model.stream({ ...request, settings: sendable(request.settings) }, call),
  };
}

/** What is known of a model from either of two sources; the first one wins. */
export function eitherKnows(first: Capabilities, second: Capabilities): Capabilities {
  const known = Object.entries(first).filter(([, support]) => support !== "unknown");
  return { ...second, ...Object.fromEntries(known) };
}

function sendable(settings: Settings = {}): Settings {
  const entries = Object.entries(settings);
  return Object.fromEntries(entries.filter(([name]) => OLLAMA_SETTINGS.some((known) => known === name)));
}
