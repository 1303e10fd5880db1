import { locate, ProviderError } from "./provider-error.ts";

/** Where something happened, and who is to blame for it. */
export interface Place {
  readonly provider: string;
  readonly modelId?: string | undefined;
  /** Default: "The adapter". */
  readonly layer?: string | undefined;
}

/** What may be thrown on in place of what was thrown: the signal's own reason, or a `ProviderError` that knows its place. */
export function ownError(error: unknown, at: Place, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof ProviderError) return locate(error, at);
  return breach(at, "threw something that is not a ProviderError (errors.provider-error)", error);
}

/** An error in code, not in data. `what` ends with the clause of docs/spec.md. */
export function breach(at: Place, what: string, cause?: unknown): ProviderError {
  const { provider, modelId, layer = "The adapter" } = at;
  const whose = modelId === undefined ? provider : `${provider}/${modelId}`;
  return new ProviderError({
    code: "provider_error",
    message: `${layer} of ${whose} ${what}.`,
    provider,
    modelId,
    cause,
  });
}
