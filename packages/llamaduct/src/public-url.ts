/** An address that may be shown: without credentials and query, in any form that people write, scheme or not. */
export function publicURL(url: string): string {
  return url.replace(/[?#].*/s, "").replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, "$1");
}
