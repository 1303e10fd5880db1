export { createTransport, type TransportOptions } from "./create-transport.ts";
export { events, type ServerSentEvent } from "./events.ts";
export { type FetchFunction, type FetchReader, type FetchResponse, fromFetch } from "./from-fetch.ts";
export { fromLatin1 } from "./latin1.ts";
export { type LineBlock, lineBlocks } from "./line-blocks.ts";
export { type LineOptions, lines } from "./lines.ts";
export { readText } from "./read-text.ts";
export { EXCHANGE_CHANNEL, type ExchangeEvent } from "./report-exchange.ts";
export type { Transport, TransportRequest, TransportResponse } from "./transport.ts";
