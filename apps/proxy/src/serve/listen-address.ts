import { isIPv4 } from "node:net";
import { StartError } from "../cli/start-error.ts";
import type { ServerConfig } from "../config/proxy-config.ts";

export interface ListenQuestion {
  /** What the operator asked for; absent: nothing. */
  readonly host: string | undefined;
  readonly server: ServerConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ListenAddress {
  readonly host: string;
  /** What the operator should know about it, one line. */
  readonly note?: string | undefined;
}

/**
 * Every address of the machine with a strong key, as LiteLLM; else loopback, since whoever reaches the proxy may use it.
 * Throws a `StartError` that names the fix when another address was asked for, unless one of LiteLLM's opt-outs is set.
 */
export function listenAddress({ host, server, environment }: ListenQuestion): ListenAddress {
  const weakness = weaknessOf(server);
  if (weakness === undefined) return { host: host ?? EVERYWHERE };
  if (mayBeOpen(server, environment))
    return { host: host ?? EVERYWHERE, note: `${weakness}, and ${OPT_OUT} allows it: whoever gets here may use it.` };
  if (host !== undefined && !isLoopback(host))
    throw new StartError(
      `${weakness}, so whoever reaches ${host} could use the proxy.\n` +
        `Make a key: export LITELLM_MASTER_KEY=sk-$(openssl rand -hex 24)\n` +
        `or leave out --host and HOST to listen on ${LOOPBACK}, or, among friends only, set ${OPT_OUT}=true.`,
    );
  return {
    host: host ?? LOOPBACK,
    note: `${weakness}: only this machine may ask. With LITELLM_MASTER_KEY set to one of your own it serves others, too.`,
  };
}

/** Whether one of LiteLLM's opt-outs is set. */
export function mayBeOpen({ weakKeyAllowed }: ServerConfig, environment: ListenQuestion["environment"]): boolean {
  return weakKeyAllowed === true || environment[OPT_OUT]?.toLowerCase() === "true";
}

const LOOPBACK = "127.0.0.1";
const EVERYWHERE = "0.0.0.0";
const OPT_OUT = "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY";

/** Why everyone has the key; `undefined` when nobody has. */
function weaknessOf({ masterKey, keys = [] }: ServerConfig): string | undefined {
  if (masterKey !== undefined) return isPublic(masterKey) ? "The master key is one that everyone knows" : undefined;
  return keys.length === 0 ? "There is no master key" : undefined;
}

/** What LiteLLM's documentation and examples hold in a key's place. */
const PUBLIC = [
  // Numbers that count: 1234.
  /^0?123(45?|456|4567|45678|456789|4567890)?$/,
  // Nothing, or one character over and over: xxxx.
  /^$|^(.)\1\1+$/,
  /^((your|my)[-_])?(litellm[-_])?((master|proxy|api|secret|virtual)[-_])?key([-_]here)?$/i,
  /^(anything|test|local|dummy|changeme|temp-key|litellm|admin|password|secret)$/i,
];

function isPublic(key: string): boolean {
  const withoutPrefix = key.trim().replace(/^sk-/i, "");
  return PUBLIC.some((pattern) => pattern.test(withoutPrefix));
}

function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "").toLowerCase();
  return address === "localhost" || address === "::1" || (isIPv4(address) && address.startsWith("127."));
}
