import { ProviderError } from "@llamaduct/core";

/** An answer that the operator does not want to pass on, `max_response_size_mb`. */
export function answerTooLarge(responseBytes: number): ProviderError {
  const message = `The answer is larger than ${responseBytes} bytes, the most that this proxy passes on.`;
  return new ProviderError({ code: "upstream_response_too_large", message });
}
