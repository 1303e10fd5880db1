import type { Transport, TransportResponse } from "@llamaduct/http";
import { identify } from "./identify.ts";
import type { LinkedAbort } from "./linked-abort.ts";
import { parseRemoteUrl, type UrlRules } from "./parse-remote-url.ts";

export interface FetchImageOptions {
  readonly transport: Transport;
  readonly rules: UrlRules;
  /** From the start of each request, its connection included. */
  readonly headersTimeoutMs: number;
  readonly maxBytes: number;
  /** Told about all bytes as they come; throws when they are too many. */
  readonly count: (bytes: number) => void;
  /** Whoever calls aborts it afterwards: that closes the connections of redirects and of bodies left unread. */
  readonly abort: LinkedAbort;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** The bytes behind a URL, if they are an image by their header and by themselves; every redirect is checked like the URL. */
export async function fetchImage(source: string, options: FetchImageOptions): Promise<Uint8Array> {
  let url = parseRemoteUrl(source, options.rules);
  for (let redirects = 0; ; redirects++) {
    const response = await request(url, options);
    if (!REDIRECTS.includes(response.status)) return readImage(response, options);
    if (redirects === MAX_REDIRECTS) throw new Error(`There are more than ${MAX_REDIRECTS} redirects.`);
    const { location } = response.headers;
    if (location === undefined) throw new Error(`The answer is ${response.status} without a location.`);
    url = parseRemoteUrl(location, { ...options.rules, base: url });
  }
}

async function request(
  url: URL,
  { transport, headersTimeoutMs, abort }: FetchImageOptions,
): Promise<TransportResponse> {
  const timer = setTimeout(() => abort.abort(new Error("The headers took too long.")), headersTimeoutMs);
  try {
    return await transport({
      method: "GET",
      url: url.href,
      // Nothing of the caller's. Without a user agent some hosts answer 403; nobody is kept waiting on an idle connection.
      headers: { accept: IMAGE_TYPES.join(", "), "user-agent": "llamaduct", connection: "close" },
      signal: abort.signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function readImage(
  { status, headers, body }: TransportResponse,
  options: FetchImageOptions,
): Promise<Uint8Array> {
  const { maxBytes, count } = options;
  if (status !== 200) throw new Error(`The answer is ${status}.`);
  const declared = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (declared === undefined || !IMAGE_TYPES.includes(declared)) throw new Error("The content type is not an image's.");
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw new Error(`The image is larger than ${maxBytes} bytes.`);

  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.byteLength;
    if (size > maxBytes) throw new Error(`The image is larger than ${maxBytes} bytes.`);
    count(piece.byteLength);
    pieces.push(piece);
  }
  const bytes = joined(pieces, size);
  if (identify(bytes.subarray(0, 64)) !== declared) throw new Error("The bytes are not what the content type says.");
  return bytes;
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
