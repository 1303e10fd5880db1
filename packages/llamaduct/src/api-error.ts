import { errorRule, ProviderError } from "@llamaduct/core";
import { toParam } from "@llamaduct/openai-dialect/chat";

/** A `ProviderError` with what OpenAI's SDK says of the same failure, as it would come from the proxy. */
export interface APIError extends ProviderError {
  /** HTTP status. */
  readonly status: number;
  readonly type: string;
  /** The field of the request that is to blame. */
  readonly param: string | null;
}

/** The right side of `instanceof`: the SDK's class names for errors that have the SDK's statuses. */
export interface APIErrorClass {
  [Symbol.hasInstance](value: unknown): value is APIError;
}

export const APIError: APIErrorClass = errorClass(() => true);
export const BadRequestError: APIErrorClass = errorClass((status) => status === 400);
export const NotFoundError: APIErrorClass = errorClass((status) => status === 404);
export const RateLimitError: APIErrorClass = errorClass((status) => status === 429);
export const InternalServerError: APIErrorClass = errorClass((status) => status >= 500);

const NAMES: Readonly<Record<number, string>> = { 400: "BadRequestError", 404: "NotFoundError", 429: "RateLimitError" };

/** The same error, told in the SDK's words as well; what is no `ProviderError`, such as an abort's reason, as it is. */
export function asAPIError(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { status, type } = errorRule(error);
  const param = error.code === "model_not_found" ? "model" : toParam(error.setting);
  return Object.assign(error, { name: NAMES[status] ?? "InternalServerError", status, type, param });
}

function errorClass(fits: (status: number) => boolean): APIErrorClass {
  return {
    [Symbol.hasInstance]: (value): value is APIError =>
      value instanceof ProviderError && "status" in value && fits(errorRule(value).status),
  };
}
