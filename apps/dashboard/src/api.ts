/** An answer that says what went wrong, in OpenAI's shape where it has one. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string | undefined;
  readonly requestId: string | undefined;

  constructor(message: string, facts: { status: number; code?: string | undefined; requestId?: string | undefined }) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
  }
}

export interface ApiRequest {
  /** Without one the request goes without a key. */
  readonly key: string | undefined;
  readonly body?: object | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Asks the proxy that served this page; the path is relative to it. Throws `ApiError` for any answer that is not a success. */
export async function api(path: string, { key, body, signal }: ApiRequest): Promise<Response> {
  const response = await fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
  if (response.ok) return response;
  const text = await response.text();
  const requestId = response.headers.get("x-request-id") ?? undefined;
  throw toApiError(parse(text), { status: response.status, requestId });
}

/** From `{ error: { message, code } }`; anything else is told by its status. */
export function toApiError(json: unknown, facts: { status: number; requestId?: string | undefined }): ApiError {
  const { error } = (json ?? {}) as { error?: { message?: unknown; code?: unknown } };
  const message = typeof error?.message === "string" ? error.message : `The proxy answered ${facts.status}.`;
  return new ApiError(message, { ...facts, code: typeof error?.code === "string" ? error.code : undefined });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever stands between this page and the proxy need not speak JSON; the status says enough.
    return undefined;
  }
}
