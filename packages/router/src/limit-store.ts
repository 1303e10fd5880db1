/** One use of a limited thing. */
export interface Use {
  /** What is limited: a key, a deployment. */
  readonly key: string;
  readonly amount: number;
  readonly limit: number;
  readonly windowMs: number;
}

export interface Allowance {
  readonly allowed: boolean;
  /** Never negative. */
  readonly remaining: number;
  /** Until the window ends, milliseconds. */
  readonly resetMs: number;
}

/** Counters behind rate limits. The default lives in memory; one over Redis is shared by several processes. */
export interface LimitStore {
  /** Counts `amount` when it fits, in one step; a refused use counts nothing. */
  use(use: Use): Promise<Allowance>;
  /** Counts `amount` whether or not it fits: what is known only afterwards, such as tokens. */
  add(use: Omit<Use, "limit">): Promise<void>;
}
