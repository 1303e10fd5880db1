import type { SharedState } from "@llamaduct/router";

export interface RedisSharedStateOptions {
  /** To all, this process included. */
  readonly publish: (news: string) => void;
}

export interface RedisSharedState extends SharedState {
  /** Takes what any of them has published. */
  receive(news: string): void;
  close(): void;
}

/** All that one process has to tell: each replaces the one before. */
interface News {
  readonly from: string;
  /** Deployment ids and how many streams; without those that have none. */
  readonly busy: Readonly<Record<string, number>>;
  /** Deployment ids and how much longer they are left alone, milliseconds: clocks differ. */
  readonly cooled: Readonly<Record<string, number>>;
}

interface Peer {
  readonly busy: News["busy"];
  readonly heardAt: number;
}

/** Changes within this time are told together. */
const GATHER_MS = 100;
const REPEAT_MS = 2_000;
/** Of a process that is not heard for so long, nothing is known. */
const FORGET_MS = 5_000;

/** Cooldowns and load, told by what each process publishes when it changes, and now and then. Nothing is stored. */
export function createRedisSharedState({ publish }: RedisSharedStateOptions): RedisSharedState {
  const from = crypto.randomUUID();
  const busy = new Map<string, number>();
  /** When each ends, of this process and of the others. */
  const cooled = new Map<string, number>();
  const cooledElsewhere = new Map<string, number>();
  const peers = new Map<string, Peer>();
  let busyElsewhere = new Map<string, number>();
  let gathering: NodeJS.Timeout | undefined;

  function tell(): void {
    clearTimeout(gathering);
    gathering = undefined;
    const now = performance.now();
    const left = [...cooled].map(([id, until]) => [id, Math.ceil(until - now)] as const);
    const news: News = {
      from,
      busy: Object.fromEntries([...busy].filter(([, count]) => count > 0)),
      cooled: Object.fromEntries(left.filter(([, ms]) => ms > 0)),
    };
    publish(JSON.stringify(news));
  }

  function tellSoon(): void {
    gathering ??= setTimeout(tell, GATHER_MS).unref();
  }

  function add(): void {
    busyElsewhere = new Map();
    for (const { busy } of peers.values())
      for (const [id, count] of Object.entries(busy)) busyElsewhere.set(id, (busyElsewhere.get(id) ?? 0) + count);
  }

  const repeating = setInterval(() => {
    const now = performance.now();
    for (const [id, { heardAt }] of peers) if (now - heardAt > FORGET_MS) peers.delete(id);
    for (const each of [cooled, cooledElsewhere]) for (const [id, until] of each) if (until <= now) each.delete(id);
    add();
    tell();
  }, REPEAT_MS).unref();

  return {
    cool(deploymentId, ms) {
      cooled.set(deploymentId, performance.now() + ms);
      tellSoon();
    },
    cooledMs(deploymentId) {
      const until = cooledElsewhere.get(deploymentId);
      return until === undefined ? 0 : Math.max(0, until - performance.now());
    },
    setBusy(deploymentId, count) {
      busy.set(deploymentId, count);
      tellSoon();
    },
    busyElsewhere: (deploymentId) => busyElsewhere.get(deploymentId) ?? 0,
    receive(text) {
      const news = toNews(text);
      if (news === undefined || news.from === from) return;
      const now = performance.now();
      peers.set(news.from, { busy: news.busy, heardAt: now });
      for (const [id, ms] of Object.entries(news.cooled))
        cooledElsewhere.set(id, Math.max(cooledElsewhere.get(id) ?? 0, now + ms));
      add();
    },
    close() {
      clearTimeout(gathering);
      clearInterval(repeating);
    },
  };
}

/** Undefined for what another version, or somebody else, has published there. */
function toNews(text: string): News | undefined {
  try {
    const news: Partial<News> = JSON.parse(text);
    const { from, busy, cooled } = news;
    return typeof from === "string" && isCounts(busy) && isCounts(cooled) ? { from, busy, cooled } : undefined;
  } catch {
    // Not JSON.
    return undefined;
  }
}

function isCounts(value: unknown): value is Readonly<Record<string, number>> {
  return typeof value === "object" && value !== null && Object.values(value).every(Number.isFinite);
}
