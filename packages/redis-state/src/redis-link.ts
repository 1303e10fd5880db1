import { createClient, ErrorReply, type RedisClientType } from "redis";
import { oneLookup } from "./one-lookup.ts";
import { Late, within } from "./within.ts";

export type RedisStatus =
  | { readonly isUp: true }
  /** `reason` is a code of the system's or of Redis's, or a few words; never an address or a secret. */
  | { readonly isUp: false; readonly reason: string };

export interface RedisLinkOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly onStatus: (status: RedisStatus) => void;
  /** Settles when Redis does all that is wanted of it. */
  readonly check: (client: RedisClient) => Promise<unknown>;
}

export type RedisClient = RedisClientType;
export type Command<Reply> = (client: RedisClient) => Promise<Reply>;

/** A connection that is looked for in the background, and of which nobody waits longer than `timeoutMs`. */
export interface RedisLink {
  /** The reply; undefined when Redis is away, or turns out to be. */
  ask<Reply>(command: Command<Reply>): Promise<Reply | undefined>;
  isUp(): boolean;
  /** It is known whether it is up. */
  readonly begun: Promise<void>;
  close(): void;
}

const CONNECT_MS = 1_000;
/** Between two looks at one that is there and of no use. */
const CHECK_EVERY_MS = 1_000;
/** News are sent more often than this: a socket that is idle for so long hangs. */
const IDLE_MS = 5_000;
const MAX_RECONNECT_MS = 1_000;

export function createRedisLink({ url, timeoutMs, onStatus, check }: RedisLinkOptions): RedisLink {
  const client: RedisClient = createClient({
    url,
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: IDLE_MS,
      lookup: oneLookup(),
      reconnectStrategy: (retries) => Math.min(MAX_RECONNECT_MS, 25 * 2 ** retries) * (0.5 + Math.random() / 2),
    },
  });
  const begun = Promise.withResolvers<void>();
  let status: RedisStatus | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function become(next: RedisStatus): void {
    if (isClosed || status?.isUp === next.isUp) return;
    status = next;
    onStatus(next);
    begun.resolve();
  }

  function away(error: unknown): void {
    become({ isUp: false, reason: toReason(error) });
  }

  function checkLater(): void {
    clearTimeout(timer);
    if (isClosed || !client.isReady) return;
    timer = setTimeout(checkNow, CHECK_EVERY_MS);
    timer.unref();
  }

  async function checkNow(): Promise<void> {
    if ((await send(check)) !== FAILED) become({ isUp: true });
  }

  async function send<Reply>(command: Command<Reply>): Promise<Reply | typeof FAILED> {
    const sent = command(client);
    try {
      return await within(timeoutMs, sent);
    } catch (error) {
      away(error);
      // Nothing more is sent until it answers: a socket that hangs has to count as idle, so that it is closed.
      sent.then(checkLater, checkLater);
      return FAILED;
    }
  }

  // One that was closed while it was connecting still comes to be ready.
  client.on("ready", () => (isClosed ? client.destroy() : checkNow()));
  client.on("error", away);
  // Goes on until it is closed, which rejects it; what goes wrong meanwhile is an event.
  client.connect().catch(away);
  const starting = setTimeout(() => away(new Late(CONNECT_MS)), CONNECT_MS);
  begun.promise.then(() => clearTimeout(starting));

  return {
    async ask(command) {
      if (status?.isUp !== true) return undefined;
      const reply = await send(command);
      return reply === FAILED ? undefined : reply;
    },
    isUp: () => status?.isUp === true,
    begun: begun.promise,
    close() {
      isClosed = true;
      clearTimeout(timer);
      client.destroy();
    },
  };
}

const FAILED = Symbol("failed");

function toReason(error: unknown): string {
  if (error instanceof Late) return error.message;
  // Redis's errors begin with their code.
  if (error instanceof ErrorReply) return /^[A-Z]+/.exec(error.message)?.[0] ?? "ERR";
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return "connection lost";
}
