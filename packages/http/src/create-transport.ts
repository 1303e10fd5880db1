import type { Connections } from "./connections.ts";
import { Exchange } from "./exchange.ts";
import { EXCHANGE_CHANNEL, reportExchanges } from "./report-exchange.ts";
import { parseTarget } from "./target.ts";
import type { Transport } from "./transport.ts";

export interface TransportOptions {
  /** Name lookup, TCP and TLS together, in milliseconds. Default 3000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Longer bodies end in `upstream_response_too_large`. Default 256 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /**
   * Asked before a connection is made, about every address that the host's name has or the one that the URL spells
   * out, and again about the peer of the open connection. One `false` is `upstream_connection_failed`, and nothing is
   * sent. IPv4 as `127.0.0.1`, IPv6 as `::1`, perhaps mapped (`::ffff:7f00:1`) or with a zone. Default: every address.
   */
  readonly allowAddress?: ((address: string) => boolean) | undefined;
}

const MAX_TARGETS = 100;

/**
 * A transport for Node.js with its own pool of HTTP/1.1 connections. There is no time limit after the connection is
 * made: use the request's signal. Idle connections live 4 s and do not keep the process alive. What it sends and gets is
 * told on the diagnostics channel `EXCHANGE_CHANNEL`.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  let connections: Promise<Connections> | undefined;
  const targets = new Map<string, URL>();

  /** A transport asks the same few URLs all day. */
  function target(url: string): URL {
    const known = targets.get(url);
    if (known !== undefined) return known;
    if (targets.size >= MAX_TARGETS) targets.clear();
    const parsed = parseTarget(url);
    targets.set(url, parsed);
    return parsed;
  }

  const send: Transport = async (request) => {
    request.signal?.throwIfAborted();
    const exchange = new Exchange(target(request.url), request);
    connections ??= open(options);
    connections.then(
      (ready) => exchange.send(ready),
      (error) => exchange.abandon(error),
    );
    return exchange.response;
  };
  // Not imported: bundles for other runtimes load this file too, and never call it.
  const { channel } = process.getBuiltinModule("node:diagnostics_channel");
  return reportExchanges(send, channel(EXCHANGE_CHANNEL));
}

/** What opens connections is loaded by the first request, as undici is by it. */
async function open(options: TransportOptions): Promise<Connections> {
  const { openConnections } = await import("./connections.ts");
  return openConnections(options);
}
