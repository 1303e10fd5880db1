import { ProviderError } from "@llamaduct/core";

/** The upstream's URL, or `invalid_value`: a relative one, another scheme, or one with credentials, which would not be sent. */
export function parseTarget(url: string): URL {
  const target = URL.parse(url);
  if (target === null || !/^https?:$/.test(target.protocol) || target.username !== "" || target.password !== "") {
    throw new ProviderError({
      code: "invalid_value",
      message: "The upstream's URL is not an absolute http or https URL without credentials.",
    });
  }
  return target;
}

/** Host and port, as messages name them. Never the path, the query or credentials. */
export function hostOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}
