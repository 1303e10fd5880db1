/** What one request and one connection may cost the proxy, whoever sends it. */
export interface Limits {
  readonly jsonDepth: number;
  /** Brackets, strings, commas and colons. */
  readonly jsonElements: number;
  readonly messages: number;
  readonly tools: number;
  /** Of one schema, of a tool or of the answer: levels, values, and letters of its names and texts. */
  readonly schemaDepth: number;
  readonly schemaValues: number;
  readonly schemaCharacters: number;
  readonly headers: number;
  readonly headerBytes: number;
  /** For a request's headers to arrive, and for all of it. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long a connection without a request is kept. */
  readonly idleMs: number;
  /** How long a client may stop reading its answer. */
  readonly stallMs: number;
  readonly connections: number;
  readonly responseBytes: number;
}

/** More than any real client needs, less than what hurts the others. */
export const DEFAULT_LIMITS: Limits = {
  jsonDepth: 64,
  jsonElements: 200_000,
  messages: 2048,
  tools: 256,
  schemaDepth: 56,
  schemaValues: 20_000,
  schemaCharacters: 512 * 1024,
  headers: 100,
  headerBytes: 16 * 1024,
  headersMs: 15_000,
  requestMs: 60_000,
  // Above the minute that load balancers keep theirs.
  idleMs: 75_000,
  stallMs: 60_000,
  connections: 10_000,
  responseBytes: 256 * 1024 * 1024,
};

/** Those of a configuration. */
export function limitsOf({ limits = DEFAULT_LIMITS }: { readonly limits?: Limits | undefined }): Limits {
  return limits;
}
