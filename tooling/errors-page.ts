// docs/errors.md, made from core's table of codes; tooling/docs/generated-pages.ts writes it.
import { type ErrorRule, PROVIDER_ERRORS, type ProviderErrorCode } from "../packages/core/src/provider-error.ts";

/** What each code means to whoever gets it. */
const MEANINGS: Readonly<Record<ProviderErrorCode, string>> = {
  invalid_value: "The request's data is wrong; `param` names the field.",
  unsupported:
    "This model or provider cannot do what was asked; `param` names it. Said before the upstream is asked where that is known.",
  context_length_exceeded: "The prompt is longer than the model's context window.",
  model_not_found: "The upstream does not have the model. Another deployment of the group may.",
  rate_limit_exceeded: "The upstream asks for fewer requests.",
  upstream_connection_failed: "No connection to the upstream, or it failed before the first byte.",
  upstream_protocol_error:
    "The upstream sent what is not its protocol: bad framing, JSON that does not parse, a page of HTML.",
  upstream_error: "The upstream says that it failed.",
  upstream_auth_failed:
    "The upstream does not accept the key configured for it. Never 401: it is not the client's key that is wrong.",
  upstream_stream_interrupted: "The upstream ended before it had said that the answer was whole.",
  upstream_response_too_large: "The upstream sent more than the gateway holds.",
  upstream_busy: "The upstream's queue is full.",
  no_healthy_upstream: "Every host that could answer has just failed; none is asked before `Retry-After` has passed.",
  upstream_first_byte_timeout: "The upstream did not begin its answer in time.",
  upstream_idle_timeout: "The upstream paused for too long inside its answer.",
  upstream_total_timeout: "The answer was not whole in time.",
  provider_error:
    "A provider or a middleware broke the contract: a bug in code. The message names it and the clause of [spec.md](spec.md).",
};

/** The page as it should be. */
export function errorsPage(): string {
  // Every key of that table is a code.
  const rows = (Object.entries(PROVIDER_ERRORS) as [ProviderErrorCode, ErrorRule][]).map(
    ([code, { status, type, failover, clientRetry }]) =>
      `| \`${code}\` | ${status} | \`${type}\` | ${failover ? "yes" : "no"} | ${clientRetry ? "yes" : "no"} | ${MEANINGS[code]} |`,
  );
  return `# Errors

<!-- Made by \`node tooling/docs/generated-pages.ts --write\` from core's table. -->

Every failure of a provider, a middleware or the engine is a \`ProviderError\` with one of these codes. Over HTTP it is OpenAI's
error body: \`error.code\` is the code, \`error.type\` the type, \`error.param\` the field to blame. An aborted call is none of them:
the caller's own reason comes back.

**Failover**: whether another deployment may be tried, as long as nothing has been delivered. **Retry**: what SDKs are told in
\`x-should-retry\`, since they would retry 408, 409, 429 and 5xx otherwise. Once a stream has begun, the error is its last event,
without a status, and no \`[DONE]\` follows.

| code | status | type | failover | retry | |
|---|---|---|---|---|---|
${rows.join("\n")}

What an upstream said is in \`upstreamMessage\`, for logs: never in \`message\`, never in JSON.
`;
}
