/** One HTTP request. Nothing is added to it except `host`, `content-length`, `connection` and `accept-encoding: identity`. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "DELETE" | "HEAD";
  /** Absolute, `http:` or `https:`, without user name or password: credentials belong into `headers`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportResponse {
  /** As the upstream sent it: redirects are not followed, and 4xx and 5xx are no errors here. */
  readonly status: number;
  /** Names in lower case; repeated headers are joined with `", "`. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * What has arrived since the last read, as one piece. Read once, one read at a time. Reading to the end frees the
   * connection for the next request; leaving early closes it, and so does the request's signal when nobody reads.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends one request and resolves with the head of its response. Rejects, and makes the body reject, with a
 * `ProviderError` (`upstream_connection_failed`, `upstream_protocol_error`, `upstream_stream_interrupted`,
 * `upstream_response_too_large`; `invalid_value` for a request that HTTP cannot carry), or with `signal.reason` itself.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
