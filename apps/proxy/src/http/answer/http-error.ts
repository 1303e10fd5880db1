import type { OpenAIErrorBody } from "@llamaduct/openai-dialect";

/** Failures of HTTP itself, before a request reaches the engine. */
const HTTP_ERRORS = {
  invalid_json: 400,
  json_too_complex: 400,
  bad_http_request: 400,
  invalid_value: 400,
  invalid_api_key: 401,
  not_allowed: 403,
  unknown_url: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  unsupported_media_type: 415,
  rate_limit_exceeded: 429,
  concurrency_limit_exceeded: 429,
  headers_too_large: 431,
  internal_error: 500,
  not_implemented: 501,
  server_is_overloaded: 503,
  server_shutting_down: 503,
  proxy_loop: 508,
} as const;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

export interface HttpErrorDetails {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The request field to blame. */
  readonly param?: string | undefined;
}

/** One of those failures, ready to be answered. The message reaches the client. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: HttpErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly param: string | undefined;

  constructor(code: HttpErrorCode, message: string, { headers, param }: HttpErrorDetails = {}) {
    super(message);
    this.code = code;
    this.status = HTTP_ERRORS[code];
    this.headers = {
      "x-should-retry": String(this.status === 429 || this.status === 503),
      // What was wrong with this request may be where the next one begins.
      ...(code === "bad_http_request" && { connection: "close" }),
      ...headers,
    };
    this.param = param;
  }

  get body(): OpenAIErrorBody {
    const { message, status, param = null, code } = this;
    return { error: { message, type: toType(status), param, code } };
  }
}

function toType(status: number): string {
  if (status === 429) return "rate_limit_error";
  if (status === 503) return "service_unavailable_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
