import type { ProviderError, ProviderErrorCode } from "@llamaduct/core";
import type { FailureKind } from "./routing-options.ts";

const KINDS: Readonly<Partial<Record<ProviderErrorCode, FailureKind>>> = {
  invalid_value: "BadRequest",
  unsupported: "BadRequest",
  context_length_exceeded: "BadRequest",
  model_not_found: "NotFound",
  rate_limit_exceeded: "RateLimit",
  upstream_busy: "ServiceUnavailable",
  no_healthy_upstream: "ServiceUnavailable",
  upstream_auth_failed: "Authentication",
  upstream_first_byte_timeout: "Timeout",
  upstream_idle_timeout: "Timeout",
  upstream_total_timeout: "Timeout",
  upstream_connection_failed: "BadGateway",
  upstream_protocol_error: "BadGateway",
  upstream_stream_interrupted: "BadGateway",
};

/** What policies call a failure. */
export function failureKind({ code, upstreamStatus }: ProviderError): FailureKind {
  const isGateway = code === "upstream_error" && (upstreamStatus === 502 || upstreamStatus === 504);
  return isGateway ? "BadGateway" : (KINDS[code] ?? "InternalServer");
}
