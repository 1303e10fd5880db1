import { encodeBase64 } from "./base64.ts";
import { invalidImage, unsupportedImage } from "./image-error.ts";
import { hasSize, svgStartTag } from "./svg-start-tag.ts";
import type { SvgJob } from "./svg-worker.ts";

export interface RasteriseOptions {
  readonly setting: string | undefined;
  readonly signal: AbortSignal;
  /** For tests, as is the next. */
  readonly timeoutMs?: number | undefined;
  readonly worker?: URL | undefined;
}

const MAX_SVG_BYTES = 1024 * 1024;
const MAX_SIDE = 2048;
const DEFAULT_SIDE = 1024;
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;

/** It lies beside this file, in the sources and in what is published. */
const workerFile = new URL(import.meta.url.endsWith(".ts") ? "svg-worker.ts" : "svg-worker.js", import.meta.url);

/**
 * An SVG as a PNG on white, in base64; `invalid_value` when it is too large, takes too long or cannot be rendered, and
 * `unsupported` when the renderer is not installed. Nothing outside the document is read.
 */
export async function rasteriseSvg(svg: Uint8Array, options: RasteriseOptions): Promise<string> {
  const { setting, signal, timeoutMs = 5000, worker: file = workerFile } = options;
  if (svg.byteLength > MAX_SVG_BYTES) throw invalidImage(setting, `is an SVG of more than ${MAX_SVG_BYTES} bytes.`);
  const text = new TextDecoder().decode(svg);
  const side = hasSize(svgStartTag(text) ?? "") ? undefined : DEFAULT_SIDE;
  const workerData: SvgJob = { svg: text, side, maxSide: MAX_SIDE, maxMemoryBytes: MAX_MEMORY_BYTES };

  // Here and not above, so that a bundle for a browser may do without.
  const { Worker } = await import("node:worker_threads");
  signal.throwIfAborted();
  // Its output would be the renderer's, about somebody's document.
  const worker = new Worker(file, { workerData, stdout: true, stderr: true });
  const rendered = Promise.withResolvers<Uint8Array>();
  const onAbort = (): void => rendered.reject(signal.reason);
  const timer = setTimeout(() => rendered.reject(new Error("The time is over.")), timeoutMs);
  signal.addEventListener("abort", onAbort);
  worker.once("message", rendered.resolve);
  worker.once("error", rendered.reject);
  worker.once("exit", () => rendered.reject(new Error("The thread ended early.")));
  try {
    return encodeBase64(await rendered.promise);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND") {
      const hint = "it needs the package @resvg/resvg-wasm (npm install @resvg/resvg-wasm)";
      throw unsupportedImage(setting, `is an SVG, which cannot be rendered here: ${hint}. Send a PNG.`, cause);
    }
    throw invalidImage(setting, "is an SVG that cannot be rendered, or not fast enough.", cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    await worker.terminate();
  }
}
