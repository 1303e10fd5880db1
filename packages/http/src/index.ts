export { createTransport, type TransportOptions } from "./create-transport.ts";
export { events, type ServerSentEvent } from "./events.ts";
export { type FetchFunction, type FetchReader, type FetchResponse, fromFetch } from "./from-fetch.ts";
export { type LineOptions, lines } from "./lines.ts";
export { readText } from "./read-text.ts";
export type { Transport, TransportRequest, TransportResponse } from "./transport.ts";
