import type { OpenAIErrorBody } from "@llamaduct/openai-dialect";

/** Failures of HTTP itself, before a request reaches the engine. */
const HTTP_ERRORS = {
  invalid_json: 400,
  json_too_complex: 400,
  bad_http_request: 400,
  invalid_api_key: 401,
  unknown_url: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  unsupported_media_type: 415,
  headers_too_large: 431,
  internal_error: 500,
  server_shutting_down: 503,
} as const;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** One of those failures, ready to be answered. The message reaches the client. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: HttpErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: HttpErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = HTTP_ERRORS[code];
    this.headers = { "x-should-retry": "false", ...headers };
  }

  get body(): OpenAIErrorBody {
    return { error: { message: this.message, type: toType(this.status), param: null, code: this.code } };
  }
}

function toType(status: number): string {
  if (status === 503) return "service_unavailable_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
