import ipaddr from "ipaddr.js";

/** All of IPv6's unicast space that is given out for the internet: the rest is special or not in use. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an address is one of the internet: not private, local, shared, mapped, translated, reserved or anything else
 * special, in either family. IPv4 inside IPv6 is judged as IPv4. What is not an address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (ip.range() !== "unicast") return false;
  return ip.kind() === "ipv4" || ip.match(GLOBAL_UNICAST);
}
