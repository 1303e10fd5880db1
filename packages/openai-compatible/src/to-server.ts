import { ProviderError } from "@llamaduct/core";
import { createTransport, lowerCaseNames, type Transport } from "@llamaduct/http";

const OPENAI_URL = "https://api.openai.com/v1";

export interface ServerOptions {
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly transport?: Transport | undefined;
  readonly maxLineBytes?: number | undefined;
}

/** One server, and how it is reached. */
export interface Server {
  readonly baseURL: string;
  /** Sent with every request, under names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: Transport;
  /** OpenAI's own, which differs from those that imitate it. */
  readonly isOpenAI: boolean;
  /** Of an event of its answers. */
  readonly maxLineBytes: number | undefined;
}

/** Opens nothing: the first request does. Throws `invalid_value` naming `baseURL` when that cannot be used. */
export function toServer(options: ServerOptions): Server {
  const headers = {
    ...lowerCaseNames(options.headers),
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
  };
  const baseURL = toBaseURL(options.baseURL, "authorization" in headers);
  const transport = options.transport ?? createTransport();
  return { baseURL, headers, transport, isOpenAI: baseURL === OPENAI_URL, maxLineBytes: options.maxLineBytes };
}

/** Kept as given: the API need not lie under `/v1`. What people paste along with it is cut off. */
function toBaseURL(input: string | undefined, hasCredentials: boolean): string {
  const text = input?.trim() ?? "";
  // A forgotten base URL must not send somebody's prompts to OpenAI.
  if (text === "" && !hasCredentials) throw invalid("is missing, and there is no key for OpenAI's own server");
  const url = URL.parse(text === "" ? OPENAI_URL : text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid("is not an http or https URL");
  if (url.username !== "" || url.password !== "")
    throw invalid("holds credentials; they belong into the key or the headers");
  const path = url.pathname.replace(/(?<!\/)\/+$/, "");
  return url.origin + path.replace(/\/((chat\/)?completions|embeddings|models)$/, "");
}

function invalid(what: string): ProviderError {
  const message = `The base URL ${what} (provider.base-url).`;
  return new ProviderError({ code: "invalid_value", message, setting: "baseURL" });
}
