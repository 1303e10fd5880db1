import { createContext, Script } from "node:vm";

export type TimeLimit = <Result>(limitMs: number, work: () => Result) => Result;

/**
 * Runs synchronous work; throws when it takes longer, or too much stack. A regular expression that backtracks without
 * end can be stopped from outside only, and on one thread only `node:vm` does that. It isolates nothing, and needs not.
 */
export function createTimeLimit(): TimeLimit {
  const context = createContext();
  const script = new Script("work()");
  return (limitMs, work) => {
    context["work"] = work;
    try {
      return script.runInContext(context, { timeout: limitMs });
    } finally {
      context["work"] = undefined;
    }
  };
}

/** Whether work was stopped for what it takes, which is no fault of the code. */
export function isExhausted(error: unknown): boolean {
  // A timeout's error comes from another realm, where `Error` is another.
  const { code } = Object(error) as { readonly code?: unknown };
  return error instanceof RangeError || code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
