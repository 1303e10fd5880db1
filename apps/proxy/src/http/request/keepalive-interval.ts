import type { FastifyRequest } from "fastify";
import { matchesName } from "../access/may-use.ts";
import { HttpError } from "../answer/http-error.ts";

const DEFAULT_MS = 15_000;
/** LiteLLM's limits. */
const MIN_ASKED_MS = 1000;
const MAX_MS = 300_000;
const HEADER = "x-litellm-keepalive-seconds";

/**
 * Milliseconds of silence after which a stream of a group says that it lives; 0: never. A client may ask for another
 * interval, but for none where the operator wants none. Throws `invalid_value`.
 */
export function keepaliveInterval({ headers, served }: FastifyRequest): (group: string) => number {
  const asked = toMs(headers[HEADER]);
  const { everyMs = DEFAULT_MS, models = {} } = served.server.keepalive ?? {};
  return (group) => {
    const name = models[group] === undefined ? Object.keys(models).find((each) => matchesName(each, group)) : group;
    const configured = name === undefined ? everyMs : (models[name] ?? everyMs);
    return configured === 0 ? 0 : Math.min(asked ?? configured, MAX_MS);
  };
}

function toMs(value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (seconds >= 0) return seconds === 0 ? 0 : Math.max(seconds * 1000, MIN_ASKED_MS);
  throw new HttpError("invalid_value", `The header ${HEADER} must be a number of seconds, 0 for none.`);
}
