import type { IncomingHttpHeaders } from "node:http";

/** Where clients put their key, the first that has one wins: LiteLLM's order. */
const KEY_HEADERS = [
  "x-litellm-api-key",
  "authorization",
  "api-key",
  "x-api-key",
  "x-goog-api-key",
  "ocp-apim-subscription-key",
] as const;

/** The key that a request came with. `keyHeader` replaces all the usual places. */
export function readKey(headers: IncomingHttpHeaders, keyHeader?: string | undefined): string | undefined {
  for (const name of keyHeader === undefined ? KEY_HEADERS : [keyHeader]) {
    const value = headers[name];
    // Of headers that were sent several times, Node makes one text.
    const key = typeof value === "string" ? toKey(value.trim(), name === "authorization") : undefined;
    if (key !== undefined) return key;
  }
  return undefined;
}

/** Whether a header may hold a key, so that it goes nowhere else. */
export function holdsKey(name: string, keyHeader: string | undefined): boolean {
  return name === keyHeader || (KEY_HEADERS as readonly string[]).includes(name);
}

/** `Basic` is followed by the key itself: so LiteLLM has it. */
function toKey(value: string, needsScheme: boolean): string | undefined {
  const [scheme = "", key, ...rest] = value.split(/ +/);
  if (/^(bearer|basic)$/i.test(scheme)) return rest.length === 0 ? key : undefined;
  return needsScheme || key !== undefined || scheme === "" ? undefined : scheme;
}
