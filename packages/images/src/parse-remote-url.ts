export interface UrlRules {
  readonly allowHttp: boolean;
  /** Besides the scheme's own. */
  readonly ports: readonly number[];
  /** Of a redirect: where it stands. */
  readonly base?: URL | undefined;
}

/**
 * The URL to fetch, or an error that says why not. Parsed once, by the parser that the connection uses too: whatever a
 * host was written as, this object has the address or the name that is connected to.
 */
export function parseRemoteUrl(text: string, { allowHttp, ports, base }: UrlRules): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new Error("The URL is not valid.");
  const mayBeHttp = allowHttp && base?.protocol !== "https:";
  if (url.protocol !== "https:" && !(mayBeHttp && url.protocol === "http:")) {
    throw new Error("The URL's scheme is not allowed.");
  }
  if (url.username !== "" || url.password !== "") throw new Error("The URL has a user name or a password.");
  // Empty: the scheme's own.
  if (url.port !== "" && !ports.includes(Number(url.port))) throw new Error("The URL's port is not allowed.");
  // `localhost.` and `localhost` are one name, and rules for names know the second.
  const hostname = url.hostname.replace(/(?<!\.)\.+$/, "");
  if (hostname === "") throw new Error("The URL has no host.");
  if (hostname !== url.hostname) url.hostname = hostname;
  return url;
}
