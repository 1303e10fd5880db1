import { isDeepStrictEqual } from "node:util";
import { ProviderError, type ProviderErrorCode } from "@llamaduct/core";

/** Fails the case unless the condition holds. */
export function check(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}

export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${what} is ${show(actual)}, should be ${show(expected)}.`);
}

/** Fails the case unless the error is a `ProviderError` of one of the codes. */
export function checkError(
  error: unknown,
  codes: ProviderErrorCode | readonly ProviderErrorCode[],
  when: string,
): asserts error is ProviderError {
  const allowed = [codes].flat();
  check(error !== undefined, `Nothing was thrown ${when}; it should be a ProviderError with ${allowed.join(" or ")}.`);
  check(
    error instanceof ProviderError,
    `What was thrown ${when} is not a ProviderError: ${error instanceof Error ? `${error.name}: ${error.message}` : show(error)}.`,
  );
  check(
    allowed.some((code) => code === error.code),
    `The error ${when} has the code ${error.code} ("${error.message}"), should be ${allowed.join(" or ")}.`,
  );
}

/** What a promise rejects with; `undefined` when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error ?? new Error("It rejected with nothing.");
  }
}

/** The promise's result, or a failure with that sentence when it takes longer. */
export async function within<Result>(limitMs: number, promise: Promise<Result>, sentence: string): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(sentence)), limitMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function show(value: unknown): string {
  const text = JSON.stringify(value, (_, inner) => (inner === undefined ? "(undefined)" : inner)) ?? String(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
