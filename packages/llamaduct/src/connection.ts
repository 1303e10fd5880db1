import { ProviderError, type ProviderSettings, type Warning } from "@llamaduct/core";
import type { ClientConnection } from "./deployment.ts";

/** What a request itself may say of where it goes. */
export type Connection = Pick<ProviderSettings, "baseURL" | "apiKey">;

export interface SplitConnection {
  readonly connection: Connection;
  readonly request: object;
  readonly warnings: readonly Warning[];
}

export interface ConnectionRules {
  /** Of every deployment that may be asked: a request says it before one is chosen. */
  readonly allowed: readonly ClientConnection[];
  /** Where the request would go anyway. */
  readonly known: readonly (string | undefined)[];
}

/**
 * Takes `api_base` and `api_key` out of a request: they say where it goes, not what it asks. Throws `invalid_value`
 * naming the field unless they are allowed: a server must not send its clients' data, or its own key, wherever they say.
 */
export function splitConnection(body: object, { allowed, known }: ConnectionRules): SplitConnection {
  if (!("api_base" in body || "api_key" in body)) return { connection: {}, request: body, warnings: [] };
  const { api_base, api_key, ...request } = body as Readonly<Record<string, unknown>>;
  const isAllowed = (key: keyof ClientConnection, value: unknown) =>
    allowed.length > 0 && allowed.every((rules) => fits(value, rules[key]));
  if (
    !isAllowed("apiBase", api_base) &&
    typeof api_base === "string" &&
    known.some((url) => url !== undefined && isSame(url, api_base))
  ) {
    const warnings = [{ setting: "api_base", message: "api_base is where this model is anyway." }];
    return { ...splitConnection({ ...request, api_key }, { allowed, known }), warnings };
  }
  const read = (name: string, key: keyof ClientConnection, value: unknown): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (!isAllowed(key, value)) throw invalid(name, `A request may not set ${name} to this here.`);
    if (typeof value !== "string") throw invalid(name, `${name} must be a string.`);
    return value;
  };
  const baseURL = read("api_base", "apiBase", api_base);
  const apiKey = read("api_key", "apiKey", api_key);
  return {
    connection: { ...(baseURL !== undefined && { baseURL }), ...(apiKey !== undefined && { apiKey }) },
    request,
    warnings: [],
  };
}

function fits(value: unknown, rule: true | string | undefined): boolean {
  if (rule === undefined || rule === true) return rule === true;
  return typeof value === "string" && new RegExp(`^(?:${rule})$`).test(value);
}

/** People write an address with and without the paths below it. */
function isSame(one: string, other: string): boolean {
  const normal = (url: string) =>
    url
      .toLowerCase()
      .replace(/(?<!\/)\/+$/, "")
      .replace(/\/(v1|api)$/, "");
  return normal(one) === normal(other);
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}
