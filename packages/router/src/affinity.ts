/** Who served a conversation last. */
export interface Affinity {
  get(conversation: string): string | undefined;
  set(conversation: string, deploymentId: string): void;
}

const MAX_CONVERSATIONS = 10_000;

/** Forgets what was not used within `ttlMs`, and the oldest when there are too many. */
export function createAffinity(ttlMs: number, now: () => number): Affinity {
  const conversations = new Map<string, { readonly deploymentId: string; readonly until: number }>();
  return {
    get(conversation) {
      const known = conversations.get(conversation);
      return known !== undefined && known.until > now() ? known.deploymentId : undefined;
    },
    set(conversation, deploymentId) {
      if (ttlMs <= 0) return;
      // The one written last stands last, so the first is the one to drop.
      conversations.delete(conversation);
      conversations.set(conversation, { deploymentId, until: now() + ttlMs });
      const [oldest] = conversations.keys();
      if (conversations.size > MAX_CONVERSATIONS && oldest !== undefined) conversations.delete(oldest);
    },
  };
}
