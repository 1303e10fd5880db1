import { errorRule, type ProviderError } from "@llamaduct/core";
import { toEvent } from "./to-event.ts";
import { toParam } from "./to-param.ts";

/** How OpenAI words a failure. */
export interface OpenAIErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The request field to blame. */
    readonly param: string | null;
    readonly code: string;
  };
}
export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: OpenAIErrorBody;
}

/** The response to a request that failed before its first byte. What an upstream said is not in it. */
export function toErrorBody(error: ProviderError): ErrorResponse {
  const { status, type, clientRetry } = errorRule(error);
  const { code, message, setting, retryAfterMs } = error;
  return {
    status,
    headers: {
      "x-should-retry": String(clientRetry),
      ...(retryAfterMs !== undefined && {
        "retry-after": String(Math.ceil(retryAfterMs / 1000)),
        "retry-after-ms": String(Math.ceil(retryAfterMs)),
      }),
    },
    body: { error: { message, type, param: code === "model_not_found" ? "model" : toParam(setting), code } },
  };
}

/** The one event that ends a stream which fails after its first byte; no end mark follows it. */
export function toErrorEvent(error: ProviderError): string {
  return toEvent(toErrorBody(error).body);
}
