import type { LookupFunction } from "node:net";
import type { buildConnector, Client, Dispatcher, Pool } from "undici";
import type { TransportOptions } from "./create-transport.ts";
import { Exchange } from "./exchange.ts";
import { rememberingLookup } from "./remembering-lookup.ts";

type DispatchOptions = Dispatcher.DispatchOptions & { readonly origin: string };

export interface Connections {
  /** Sends on a pooled connection. */
  dispatch(options: DispatchOptions, exchange: Exchange): void;
  /** Sends on a new connection, which is closed afterwards. */
  dispatchAlone(options: DispatchOptions, exchange: Exchange): void;
}

export interface Connection {
  /** How many exchanges began on the socket that is open now. */
  exchanges: number;
}

/** Loads undici, so that bundles for browsers and short scripts do not carry it. */
export async function openConnections(options: TransportOptions): Promise<Connections> {
  const undici = await import("undici");
  const { Agent, Client, Pool } = undici;
  const { allowAddress } = options;
  const toConnect = allowAddress === undefined ? toConnectOptions : await checked(allowAddress, undici.buildConnector);
  const lookup = rememberingLookup();
  const toPoolOptions = (origin: string): Pool.Options => ({
    ...sharedOptions(options),
    connect: toConnect({ ...options, lookup: isLocalhost(origin) ? lookUpLoopback : lookup }),
  });

  class CountingClient extends Client implements Connection {
    exchanges = 0;

    constructor(origin: URL, clientOptions: Client.Options) {
      super(origin, clientOptions);
      this.on("connect", () => {
        this.exchanges = 0;
      });
    }

    override dispatch(dispatchOptions: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      if (handler instanceof Exchange) handler.connection = this;
      return super.dispatch(dispatchOptions, handler);
    }
  }

  const agent = new Agent({
    factory: (origin) =>
      new Pool(origin, {
        ...toPoolOptions(String(origin)),
        factory: (url, clientOptions) => new CountingClient(url, clientOptions),
      }),
  });

  return {
    dispatch(request, exchange) {
      agent.dispatch(request, exchange);
    },
    dispatchAlone(request, exchange) {
      const client = new Client(request.origin, toPoolOptions(request.origin));
      client.dispatch({ ...request, reset: true }, exchange);
    },
  };
}

function sharedOptions({ maxResponseBytes = 256 * 1024 * 1024 }: TransportOptions): Pool.Options {
  return {
    // undici's own 300 s would cut every slow local model; deadlines belong to whoever knows what is being waited for.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxResponseBytes,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 4000,
    pipelining: 1,
    allowH2: false,
  };
}

interface Looked {
  readonly lookup: LookupFunction;
}

function toConnectOptions({
  connectTimeoutMs = 3000,
  lookup,
}: TransportOptions & Looked): buildConnector.BuildOptions & Looked {
  return {
    timeout: connectTimeoutMs,
    autoSelectFamily: true,
    // Node's 250 ms for each address are too short for a host that is far away.
    autoSelectFamilyAttemptTimeout: Math.ceil(connectTimeoutMs / 3),
    lookup,
  };
}

async function checked(allowAddress: (address: string) => boolean, build: typeof buildConnector) {
  const { checkedConnector } = await import("./checked-connector.ts");
  return (options: TransportOptions & Looked): buildConnector.connector =>
    checkedConnector({
      // undici gives its pools' `allowH2` to the connectors that it builds itself; this one has to be told.
      open: (lookup) => build({ ...toConnectOptions({ ...options, lookup }), allowH2: false }),
      lookup: options.lookup,
      allowAddress,
    });
}

function isLocalhost(origin: string): boolean {
  return /^localhost$|\.localhost$/.test(new URL(origin).hostname);
}

/** `localhost` is both loopback addresses (RFC 6761 §6.3), even where the hosts file knows only one of them. */
function lookUpLoopback(
  _hostname: string,
  _options: object,
  callback: (error: null, addresses: { address: string; family: number }[]) => void,
): void {
  callback(null, [
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);
}
