import { createTransport } from "@llamaduct/http";
import { encodeBase64 } from "./base64.ts";
import type { ImageSource } from "./create-image-reader.ts";
import { fetchImage } from "./fetch-image.ts";
import { invalidImage } from "./image-error.ts";
import { linkedAbort } from "./linked-abort.ts";
import { isPublicAddress } from "./public-address.ts";
import { createSlots } from "./slots.ts";

/** Limits on fetching images. `{}` allows it with the defaults. */
export interface RemoteImageOptions {
  /** Also `http:` URLs. Default `false`. A redirect from `https:` to `http:` is never followed. */
  readonly allowHttp?: boolean | undefined;
  /** Ports besides 443 for `https:` and 80 for `http:`. Default none. */
  readonly ports?: readonly number[] | undefined;
  /** Name lookup, TCP and TLS together. Default 2000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Until a response's headers are there, for each redirect anew. Default 3000. */
  readonly headersTimeoutMs?: number | undefined;
  /** For one image, redirects and waiting for a turn included. Default 8000. */
  readonly totalTimeoutMs?: number | undefined;
  /** Of one image. Default 5 MiB. */
  readonly maxBytes?: number | undefined;
  /** Image URLs in one request. Default 8. */
  readonly maxImages?: number | undefined;
  /** All fetched images of one request together. Default 20 MiB. */
  readonly maxTotalBytes?: number | undefined;
  /** Fetches of this reader at a time; more wait. Default 16. */
  readonly maxConcurrent?: number | undefined;
}

/** Fetches one of a request's images as base64, or rejects with the one error for all that can go wrong. */
export type FetchForRequest = (image: ImageSource, signal: AbortSignal) => Promise<string>;

/**
 * Opens one request with these URLs: the limits for a request count over them. No failure is told before `failureMs`
 * have passed.
 */
export function createRemoteImages(
  options: RemoteImageOptions,
  failureMs = 1000,
): (urls: readonly ImageSource[]) => FetchForRequest {
  const { allowHttp = false, ports = [], connectTimeoutMs = 2000, headersTimeoutMs = 3000 } = options;
  const { totalTimeoutMs = 8000, maxBytes = 5 * 1024 * 1024, maxImages = 8 } = options;
  const { maxTotalBytes = 20 * 1024 * 1024, maxConcurrent = 16 } = options;
  const transport = createTransport({ connectTimeoutMs, allowAddress: isPublicAddress });
  const slots = createSlots(maxConcurrent);
  const failure =
    "could not be fetched. It must be a PNG, JPEG, WebP or GIF at a public https URL, of at most " +
    `${maxBytes} bytes, and there within ${totalTimeoutMs / 1000} s.`;

  return (urls) => {
    const tooMany = urls[maxImages];
    if (tooMany !== undefined)
      throw invalidImage(tooMany.setting, `is one too many: ${maxImages} image URLs are allowed in a request.`);
    let bytesLeft = maxTotalBytes;
    const count = (bytes: number): void => {
      bytesLeft -= bytes;
      if (bytesLeft < 0) throw new Error(`The images of the request are larger than ${maxTotalBytes} bytes.`);
    };

    return async ({ source, setting }, signal) => {
      const startedAt = performance.now();
      const abort = linkedAbort(signal);
      const timer = setTimeout(() => abort.abort(new Error("The image took too long.")), totalTimeoutMs);
      const rules = { allowHttp, ports };
      const fetching = { transport, rules, headersTimeoutMs, maxBytes, count, abort };
      try {
        return encodeBase64(await slots.run(() => fetchImage(source, fetching), abort.signal));
      } catch (cause) {
        signal.throwIfAborted();
        // Text and time are those of a refused address, a closed port and a missing page alike: no map of a network.
        await delay(Math.max(0, startedAt + failureMs - performance.now()), signal);
        signal.throwIfAborted();
        throw invalidImage(setting, failure, cause);
      } finally {
        clearTimeout(timer);
        abort.abort(new Error("The image is not wanted any more."));
      }
    };
  };
}

/** Ends early when the signal aborts. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
