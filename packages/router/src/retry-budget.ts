/** Keeps retries of all requests together within bounds: when everything fails, they are what makes it worse. */
export interface RetryBudget {
  hasRoom(): boolean;
  /** Counts a request while it runs. */
  request<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Counts a retry while it waits and runs. */
  retry<Result>(run: () => Promise<Result>): Promise<Result>;
}

const ALWAYS = 3;
/** Of the requests that are at their first attempt. */
const SHARE = 0.2;

export function createRetryBudget(): RetryBudget {
  let [requests, retries] = [0, 0];
  return {
    hasRoom: () => retries < Math.max(ALWAYS, SHARE * (requests - retries)),
    async request(run) {
      requests++;
      try {
        return await run();
      } finally {
        requests--;
      }
    },
    async retry(run) {
      retries++;
      try {
        return await run();
      } finally {
        retries--;
      }
    },
  };
}
