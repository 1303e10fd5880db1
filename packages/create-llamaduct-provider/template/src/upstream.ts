import { type CallOptions, type JsonObject, ProviderError } from "@llamaduct/core";
import { callHeaders, createTransport, lowerCaseNames, readText, type Transport } from "@llamaduct/http";
import { toError } from "./to-error.ts";

export interface UpstreamOptions {
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly transport?: Transport | undefined;
}

export interface Upstream {
  /** The bytes of an answer, once the upstream has accepted. */
  post(path: string, body: JsonObject, call?: CallOptions): Promise<AsyncIterable<Uint8Array>>;
}

/** Opens nothing: the first request does. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const baseURL = toBaseURL(options.baseURL);
  const transport = options.transport ?? createTransport();
  return {
    async post(path, body, call) {
      const response = await transport({
        method: "POST",
        url: baseURL + path,
        headers: {
          ...callHeaders(call?.headers),
          ...lowerCaseNames(options.headers),
          ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
        signal: call?.signal,
      });
      if (response.status === 200) return response.body;
      const text = await readText(response.body);
      throw toError({ status: response.status, text, retryAfter: response.headers["retry-after"] });
    },
  };
}

function toBaseURL(input: string | undefined): string {
  const url = URL.parse(input ?? "");
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin + url.pathname.replace(/\/+$/, "");
  const message = "__name__ needs a base URL that starts with http:// or https:// (provider.base-url).";
  throw new ProviderError({ code: "invalid_value", message, setting: "baseURL" });
}
