import { ProviderError } from "@llamaduct/core";
import type { LimitStore } from "./limit-store.ts";
import type { MemberRecord } from "./record.ts";

const WINDOW_MS = 60_000;

export interface LimitUse {
  /** Throws `rate_limit_exceeded` when the minute's requests or tokens are used up. */
  use(): Promise<void>;
  /** What an answer has used. */
  addTokens(tokens: number): void;
}

export interface LimitUseOptions {
  readonly record: MemberRecord;
  readonly limits: LimitStore;
  /** Otherwise `rpm` and `tpm` only steer. */
  readonly isEnforced: boolean;
  /** A guess at the request's. */
  readonly tokens: (() => number) | undefined;
}

/** The limits of one deployment, for one request. */
export function createLimitUse({ record, limits, isEnforced, tokens }: LimitUseOptions): LimitUse {
  const { member, routing } = record;
  const key = (what: string) => ({ key: `deployment ${member.id} ${what}`, windowMs: WINDOW_MS });

  async function use(what: "rpm" | "tpm", amount: number): Promise<void> {
    const limit = routing[what];
    if (limit === undefined) return;
    const { allowed, resetMs } = await limits.use({ ...key(what), amount, limit });
    if (allowed) return;
    const message = `A deployment takes ${limit} ${what === "rpm" ? "requests" : "tokens"} a minute, and they are used up.`;
    throw new ProviderError({ code: "rate_limit_exceeded", message, retryAfterMs: resetMs });
  }

  let guessed = 0;
  return {
    async use() {
      if (!isEnforced) return;
      await use("rpm", 1);
      if (routing.tpm === undefined) return;
      guessed = tokens?.() ?? 0;
      await use("tpm", guessed);
    },
    addTokens(tokens) {
      if (!isEnforced || routing.tpm === undefined) return;
      const amount = tokens - guessed;
      guessed = 0;
      // The answer is there already: a store that cannot count it must not take it back.
      limits.add({ ...key("tpm"), amount }).catch(() => {});
    },
  };
}
