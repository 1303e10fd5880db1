import type { ExchangeChannel } from "./report-exchange.ts";
import type { Transport, TransportRequest, TransportResponse } from "./transport.ts";

/** The same transport, telling the channel of each exchange. */
export function tellExchanges(transport: Transport, channel: ExchangeChannel): Transport {
  return (request) => report(transport, request, { channel, id: crypto.randomUUID(), startedAt: performance.now() });
}

interface Report {
  readonly channel: ExchangeChannel;
  readonly id: string;
  readonly startedAt: number;
}

async function report(transport: Transport, request: TransportRequest, to: Report): Promise<TransportResponse> {
  const { channel, id, startedAt } = to;
  const { method, url, headers = {}, body } = request;
  channel.publish({ type: "request", id, method, url: maskQuery(url), headers: maskHeaders(headers), body });
  try {
    const response = await transport(request);
    const afterMs = performance.now() - startedAt;
    channel.publish({ type: "response", id, status: response.status, headers: maskHeaders(response.headers), afterMs });
    return { ...response, body: reportBody(response.body, to) };
  } catch (error) {
    channel.publish({ type: "end", id, afterMs: performance.now() - startedAt, error });
    throw error;
  }
}

/** No async generator: leaving it would wait for a pending read. */
function reportBody(body: AsyncIterable<Uint8Array>, { channel, id, startedAt }: Report): AsyncIterable<Uint8Array> {
  let isOver = false;
  const end = (outcome: { readonly error?: unknown }) => {
    if (!isOver) channel.publish({ type: "end", id, afterMs: performance.now() - startedAt, ...outcome });
    isOver = true;
  };
  return {
    [Symbol.asyncIterator]: () => {
      const reader = body[Symbol.asyncIterator]();
      return {
        next: async () => {
          try {
            const result = await reader.next();
            if (result.done === true) end({});
            else channel.publish({ type: "data", id, bytes: result.value });
            return result;
          } catch (error) {
            end({ error });
            throw error;
          }
        },
        return: async () => {
          end({});
          return (await reader.return?.()) ?? { done: true, value: undefined };
        },
      };
    },
  };
}

const SECRET = /auth|cookie|key|token|secret|password/i;

function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET.test(name) ? mask(value) : value]),
  );
}

function maskQuery(url: string): string {
  return url.replace(/([?&]([^?=&#]*)=)([^&#]*)/g, (whole, start: string, name: string, value: string) =>
    SECRET.test(name) ? start + mask(value) : whole,
  );
}

/**
 * The scheme stays, and the end of what is long enough to tell keys apart by it without giving one away. Of a password
 * nothing does.
 */
function mask(value: string): string {
  const [scheme = ""] = /^\w+ +/.exec(value) ?? [];
  const secret = value.slice(scheme.length);
  const hasEnd = secret.length >= 20 && scheme.trim().toLowerCase() !== "basic";
  return `${scheme}***${hasEnd ? secret.slice(-4) : ""}`;
}
