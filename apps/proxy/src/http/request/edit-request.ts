import { ProviderError } from "@llamaduct/core";

export interface Edits {
  /** Asked for in place of what the body names. */
  readonly model?: string | undefined;
  readonly includeStreamUsage?: boolean | undefined;
}

/** The JSON that the engine gets: the client's, with what the path and the operator say in its place. */
export function editRequest(body: unknown, { model, includeStreamUsage }: Edits): unknown {
  // What is no object has no fields to edit; the engine says what is wrong with it.
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  refuseContext(body);
  return {
    ...body,
    ...(model !== undefined && { model }),
    ...(includeStreamUsage === true && withStreamUsage(body)),
  };
}

function withStreamUsage(body: object): object {
  const { stream, stream_options: options = null } = body as { stream?: unknown; stream_options?: unknown };
  if (stream !== true || typeof options !== "object" || Array.isArray(options)) return {};
  const { include_usage: asked } = (options ?? {}) as { include_usage?: unknown };
  return { stream_options: { ...options, include_usage: asked ?? true } };
}

/** Ids that a model does not have end the whole server, Ollama 0.24.0 for one, so no client may send any. */
function refuseContext(body: object): void {
  const { context, options } = body as { context?: unknown; options?: { context?: unknown } | null };
  if (!Array.isArray(context) && !Array.isArray(options?.context)) return;
  const message = "context is not accepted here: token ids that a model does not know can end its server.";
  throw new ProviderError({ code: "unsupported", message, setting: "extra.context" });
}
