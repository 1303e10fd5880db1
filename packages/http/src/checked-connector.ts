import { isIP, type LookupFunction } from "node:net";
import type { buildConnector } from "undici";
import { ADDRESS_REFUSED } from "./transport-failure.ts";

export interface CheckedConnectorOptions {
  /** Opens a connection; it finds addresses with the `lookup` it is given. */
  readonly open: (lookup: LookupFunction) => buildConnector.connector;
  readonly lookup: LookupFunction;
  readonly allowAddress: (address: string) => boolean;
}

/**
 * Connects to allowed addresses only. The check sits in the lookup that the connection itself uses, so the addresses
 * that were checked are the ones that are tried, and a name that changes its answer in between gains nothing.
 */
export function checkedConnector({ open, lookup, allowAddress }: CheckedConnectorOptions): buildConnector.connector {
  const connect = open((hostname, options, callback) => {
    lookup(hostname, options, (error, addresses, family) => {
      const refusal = error ?? refusalOf(listed(addresses), allowAddress);
      if (refusal === undefined) callback(null, addresses, family);
      else callback(refusal, []);
    });
  });

  return (options, callback) => {
    // An address as a host never reaches a lookup.
    const refusal = isIP(options.hostname) === 0 ? undefined : refusalOf([options.hostname], allowAddress);
    if (refusal !== undefined) {
      // As every other connector does: a callback before the return would meet a half-made client.
      queueMicrotask(() => callback(refusal, null));
      return;
    }
    connect(options, (...[error, socket]) => {
      const peerRefusal = error ?? refusalOf([socket.remoteAddress ?? ""], allowAddress);
      if (peerRefusal === undefined && socket !== null) {
        callback(null, socket);
        return;
      }
      socket?.destroy();
      callback(peerRefusal ?? new Error("There is neither a socket nor an error."), null);
    });
  };
}

function listed(addresses: Parameters<Parameters<LookupFunction>[2]>[1]): readonly string[] {
  return typeof addresses === "string" ? [addresses] : addresses.map(({ address }) => address);
}

/** One bad address spoils the rest: a name that mixes them is an attack, or will be wrong at the next attempt. */
function refusalOf(addresses: readonly string[], allowAddress: (address: string) => boolean): Error | undefined {
  try {
    if (addresses.every((address) => allowAddress(address))) return undefined;
    return Object.assign(new Error("An address of the host is not allowed."), { code: ADDRESS_REFUSED });
  } catch (cause) {
    // Thrown inside a lookup's callback it would end the process.
    return Object.assign(new Error("The check of an address failed.", { cause }), { code: ADDRESS_REFUSED });
  }
}
