import { ProviderError } from "@llamaduct/core";

export const DEFAULT_BASE_URL = "http://127.0.0.1:11434";

export interface BaseURL {
  /** Scheme, host, port and path prefix; no trailing slash, no credentials. */
  readonly url: string;
  /** Basic credentials that stood in the URL, as an `Authorization` value. */
  readonly authorization: string | undefined;
}

/**
 * Reads every form in which people name an Ollama server: a URL, one that ends in `/v1`, `/api` or an endpoint, and the
 * forms of `OLLAMA_HOST` (`0.0.0.0`, `host`, `host:port`, `:port`, `::1`). A reverse proxy's path prefix is kept.
 * Throws `invalid_value` naming `baseURL`.
 */
export function parseBaseURL(input: string = DEFAULT_BASE_URL): BaseURL {
  const text = input.trim();
  if (text === "") return { url: DEFAULT_BASE_URL, authorization: undefined };
  const url = toURL(text);
  if (url === undefined) throw invalid("is not a URL");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw invalid("must start with http:// or https://");
  // A server that listens everywhere is reached at the loopback address.
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  return {
    url: `${url.protocol}//${url.host}${url.pathname.replace(/\/{2,}/g, "/").replace(ENDPOINT, "")}`,
    authorization: basicCredentials(url),
  };
}

/** What people paste along with the address: endpoints of Ollama's API and of its OpenAI layer. */
const ENDPOINT =
  /(\/(v1|api)(\/(chat|chat\/completions|completions|embeddings|models|generate|embed|tags|show|ps|version))?)?\/?$/;

function toURL(text: string): URL | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parse(text);
  if (/^:?\d+$/.test(text)) return parse(`http://127.0.0.1:${text.replace(":", "")}`);
  const [authority = "", ...path] = text.split("/");
  // Two colons and no brackets: a bare IPv6 address, which cannot carry a port.
  const host = /^[^[]*:.*:/.test(authority) ? `[${authority}]` : authority;
  const withPort = /:\d+$/.test(host.replace(/^.*]/, "")) ? host : `${host}:11434`;
  return parse(["http://", withPort, ...path.map((part) => `/${part}`)].join(""));
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function basicCredentials({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function invalid(what: string): ProviderError {
  return new ProviderError({
    code: "invalid_value",
    message: `The base URL ${what} (provider.base-url).`,
    setting: "baseURL",
  });
}
