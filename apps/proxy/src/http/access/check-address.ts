import { BlockList, isIP, isIPv6 } from "node:net";
import type { FastifyRequest } from "fastify";
import { HttpError } from "../answer/http-error.ts";

/** Lets only the addresses of `allowedIps` (single ones, or networks as `10.0.0.0/8`) use routes that are not public. */
export function checkAddress(request: FastifyRequest): void {
  const { allowedIps, trustForwardedFor } = request.served.server;
  if (allowedIps === undefined || request.routeOptions.config.access === "public") return;
  const address = trustForwardedFor === true ? forwardedFor(request) : request.raw.socket.remoteAddress;
  if (address === undefined || !isAllowed(address, allowedIps))
    throw new HttpError("not_allowed", "This address may not use the proxy.");
}

/** The last one: what stands before it was sent by the client, who may claim anything. */
function forwardedFor({ headers, raw }: FastifyRequest): string | undefined {
  const value = headers["x-forwarded-for"];
  return value === undefined ? raw.socket.remoteAddress : [value].flat().join(",").split(",").at(-1)?.trim();
}

/** An entry that is no network lets nobody in. */
function isAllowed(address: string, allowed: readonly string[]): boolean {
  const list = new BlockList();
  for (const entry of allowed) {
    const [network = "", prefix] = entry.split("/", 2);
    const longest = isIPv6(network) ? 128 : 32;
    const length = prefix === undefined ? longest : /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (isIP(network) !== 0 && length <= longest) list.addSubnet(network, length, family(network));
  }
  return isIP(address) !== 0 && list.check(address, family(address));
}

function family(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
