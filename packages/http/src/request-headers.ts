type Headers = Readonly<Record<string, string>>;

/** The same headers, their names in lower case; of names that differ in nothing else, the last one counts. */
export function lowerCaseNames(headers: Headers = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * What of a caller's headers may go to a provider's host, names in lower case. They may add, never speak for the owner of
 * the host's key or as another site.
 */
export function callHeaders(headers?: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(lowerCaseNames(headers)).filter(([name]) => !OWNERS.has(name)));
}

const OWNERS: ReadonlySet<string> = new Set([
  "api-key",
  "authorization",
  "cookie",
  "host",
  "origin",
  "proxy-authorization",
]);
