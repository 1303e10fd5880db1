import { ProviderError, type ProviderSettings } from "@llamaduct/core";

/** What a request itself may say of where it goes. */
export type Connection = Pick<ProviderSettings, "baseURL" | "apiKey">;

export interface SplitRequest {
  readonly connection: Connection;
  readonly request: object;
}

/**
 * Takes `api_base` and `api_key` out of a request: they say where it goes, not what it asks. Throws `invalid_value`
 * naming the field unless they are allowed: a server must not send its clients' data, or its own key, wherever they say.
 */
export function splitConnection(body: object, allowed: boolean): SplitRequest {
  const { api_base, api_key, ...request } = body as Readonly<Record<string, unknown>>;
  const read = (name: string, value: unknown): string | undefined => {
    if (value === undefined || value === null) return undefined;
    if (!allowed) throw invalid(name, `A request may not set ${name} here.`);
    if (typeof value !== "string") throw invalid(name, `${name} must be a string.`);
    return value;
  };
  const [baseURL, apiKey] = [read("api_base", api_base), read("api_key", api_key)];
  return {
    connection: { ...(baseURL !== undefined && { baseURL }), ...(apiKey !== undefined && { apiKey }) },
    request,
  };
}

function invalid(setting: string, message: string): ProviderError {
  return new ProviderError({ code: "invalid_value", message, setting });
}
