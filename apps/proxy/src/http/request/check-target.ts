import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";
import { wantsKey } from "../access/keyring.ts";
import { HttpError } from "../answer/http-error.ts";

/** One request has one meaning here: what other servers take an absolute URL or a second Host for differs. */
export function checkTarget({ url, raw, served }: FastifyRequest): void {
  const { rawHeaders, httpVersion } = raw;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) if (isHost(rawHeaders[index])) hosts++;
  // Node takes a request line without a version, and that of HTTP/2, too.
  if (!/^1\.[01]$/.test(httpVersion))
    throw new HttpError("bad_http_request", "The request must be HTTP/1.1 or HTTP/1.0.");
  if (!url.startsWith("/")) throw new HttpError("bad_http_request", "The request target must be a path.");
  if (hosts > 1 || (hosts === 0 && httpVersion !== "1.0"))
    throw new HttpError("bad_http_request", "A request must have exactly one Host header.");
  const { server } = served;
  if (!wantsKey(server) && server.weakKeyAllowed !== true && !isNearby(raw.headers.host)) throw foreignHost();
}

function isHost(name = ""): boolean {
  return name.length === 4 && name.toLowerCase() === "host";
}

/**
 * Whether a Host is one that nobody else can point at this machine. Without a key that is all that keeps a web page out
 * whose own name suddenly has a loopback address (CVE-2024-28224).
 */
function isNearby(host = "localhost"): boolean {
  const name = /^\[(.+)\](:\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, "").toLowerCase();
  return isIP(name) !== 0 || !name.includes(".") || /\.(localhost|local|internal)$/.test(name);
}

function foreignHost(): HttpError {
  const message = "Without a master key the proxy answers only to localhost, addresses and local names. Set one.";
  return new HttpError("not_allowed", message);
}
