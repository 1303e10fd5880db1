import { ProviderError } from "@llamaduct/core";

type Failures = typeof import("./failures.ts");

/**
 * What is said of a failure, in words that the first one loads. Where they cannot be had, as on a page that has lost its
 * server, it is told plainly.
 */
export async function worded<Told>(tell: (failures: Failures) => Told, plain: (cause: unknown) => Told): Promise<Told> {
  let failures: Failures;
  try {
    failures = await import("./failures.ts");
  } catch (cause) {
    return plain(cause);
  }
  return tell(failures);
}

/** The plain word for what a server has sent in place of an answer. `cause`: why there is no better one. */
export function plainError(upstreamStatus: number, upstreamMessage: string, cause: unknown): ProviderError {
  const message = `The server failed with status ${upstreamStatus}.`;
  return new ProviderError({ code: "upstream_error", message, upstreamStatus, upstreamMessage, cause });
}
