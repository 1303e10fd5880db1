// What bundlers for browsers and workers take in place of index.ts, whose types it has: no undici, no `node:`.
export { createFetchTransport as createTransport } from "./create-fetch-transport.ts";
export { events } from "./events.ts";
export { fromFetch } from "./from-fetch.ts";
export { fromLatin1 } from "./latin1.ts";
export { lineBlocks } from "./line-blocks.ts";
export { lines } from "./lines.ts";
export { readText } from "./read-text.ts";
export { EXCHANGE_CHANNEL } from "./report-exchange.ts";
export { callHeaders, lowerCaseNames } from "./request-headers.ts";
export { retryAfterMs } from "./retry-after.ts";
