/** What a failure means to the caller, and what anyone may do about it. Rows follow the project's error contract. */
export interface ErrorRule {
  /** HTTP status a dialect answers with. */
  readonly status: number;
  /** OpenAI's `error.type`. */
  readonly type: "invalid_request_error" | "rate_limit_error" | "server_error" | "service_unavailable_error";
  /** Whether another deployment may be tried, as long as nothing has been delivered. */
  readonly failover: boolean;
  /** What SDKs are told in `x-should-retry`: they retry 408, 409, 429 and 5xx on their own otherwise. */
  readonly clientRetry: boolean;
}

const badRequest = { status: 400, type: "invalid_request_error", failover: false, clientRetry: false } as const;
const badUpstream = { status: 502, type: "server_error", failover: true, clientRetry: false } as const;
const timedOut = { status: 504, type: "server_error", failover: false, clientRetry: false } as const;

/** The closed list of codes. */
export type ProviderErrorCode =
  | "invalid_value"
  | "unsupported"
  | "context_length_exceeded"
  | "model_not_found"
  | "rate_limit_exceeded"
  | "upstream_connection_failed"
  | "upstream_protocol_error"
  | "upstream_error"
  | "upstream_auth_failed"
  | "upstream_stream_interrupted"
  | "upstream_response_too_large"
  | "upstream_busy"
  | "no_healthy_upstream"
  | "upstream_first_byte_timeout"
  | "upstream_idle_timeout"
  | "upstream_total_timeout"
  | "provider_error";

/** One table decides status, type, failover and retry for every provider. */
export const PROVIDER_ERRORS: Readonly<Record<ProviderErrorCode, ErrorRule>> = {
  /** The caller's data is wrong; `setting` names the field. */
  invalid_value: badRequest,
  /** This model or provider cannot do what was asked; `setting` names it. Thrown before I/O where that is known. */
  unsupported: badRequest,
  context_length_exceeded: badRequest,
  /** Another host may have it, so a group goes on to its next deployment. */
  model_not_found: { status: 404, type: "invalid_request_error", failover: true, clientRetry: false },
  rate_limit_exceeded: { status: 429, type: "rate_limit_error", failover: true, clientRetry: true },
  upstream_connection_failed: { status: 502, type: "server_error", failover: true, clientRetry: true },
  /** Bytes that are not the protocol: bad framing, JSON that does not parse, an unknown shape. */
  upstream_protocol_error: badUpstream,
  /** The upstream said it failed. */
  upstream_error: badUpstream,
  /** Never 401: it is not the client's key that is wrong. */
  upstream_auth_failed: { status: 502, type: "server_error", failover: false, clientRetry: false },
  /** The upstream ended before its final event. */
  upstream_stream_interrupted: badUpstream,
  upstream_response_too_large: { status: 502, type: "server_error", failover: false, clientRetry: false },
  upstream_busy: { status: 503, type: "service_unavailable_error", failover: true, clientRetry: true },
  /** Every host that could answer has just failed: none is asked before `retryAfterMs` have passed. */
  no_healthy_upstream: { status: 503, type: "service_unavailable_error", failover: false, clientRetry: true },
  /** A retry would cost the whole prompt evaluation again, so nobody is told to. */
  upstream_first_byte_timeout: timedOut,
  upstream_idle_timeout: timedOut,
  upstream_total_timeout: timedOut,
  /** The adapter or a middleware broke the contract: a bug in code, not in data. */
  provider_error: { status: 500, type: "server_error", failover: false, clientRetry: false },
};

export interface ProviderErrorInit {
  readonly code: ProviderErrorCode;
  /** One sentence from our own template; it reaches clients. Never upstream text, a prompt, a key or a URL with credentials. */
  readonly message: string;
  /** Contract path of the field that is to blame: `tools`, `settings.topK`, `extra.num_ctx`. */
  readonly setting?: string | undefined;
  /** Filled in by `guard` when an error passes without them. */
  readonly provider?: string | undefined;
  readonly modelId?: string | undefined;
  readonly upstreamStatus?: number | undefined;
  /** For the log only: cut to 512 characters, control characters escaped, absent from JSON. */
  readonly upstreamMessage?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

const BRAND = Symbol.for("@llamaduct/core.ProviderError");

/**
 * The one error that providers, middleware and the engine throw. `instanceof` works across copies of this package,
 * and `JSON.stringify` gives nothing a client may not see. An abort is not one: the caller's own reason comes back.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  declare readonly code: ProviderErrorCode;
  declare readonly setting: string | undefined;
  declare readonly upstreamStatus: number | undefined;
  declare readonly retryAfterMs: number | undefined;
  declare readonly upstreamMessage: string | undefined;
  declare provider: string | undefined;
  declare modelId: string | undefined;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  constructor(init: ProviderErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    const { code, setting, upstreamStatus, retryAfterMs, provider, modelId } = init;
    Object.assign(this, { code, setting, upstreamStatus, retryAfterMs, provider, modelId });
    hidden(this, BRAND, true);
    hidden(this, "upstreamMessage", printable(init.upstreamMessage));
  }

  toJSON(): object {
    const { name, code, message, setting, provider, modelId, upstreamStatus, retryAfterMs } = this;
    return { name, code, message, setting, provider, modelId, upstreamStatus, retryAfterMs };
  }
}

/** Says where an error happened, unless it knows. Returns the same error. */
export function locate(
  error: ProviderError,
  model: { readonly provider: string; readonly modelId?: string | undefined },
): ProviderError {
  error.provider ??= model.provider;
  error.modelId ??= model.modelId;
  return error;
}

/** The table's row for an error's code; a code from a newer copy of this package counts as an upstream's failure. */
export function errorRule(error: ProviderError): ErrorRule {
  return PROVIDER_ERRORS[error.code] ?? badUpstream;
}

/** A property that neither JSON nor a spread takes along. */
export function hidden(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value });
}

function printable(text: string | undefined): string | undefined {
  const escapeCharacter = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text?.slice(0, 512).replace(/\p{Cc}/gu, escapeCharacter);
}
