// Runs in a thread of its own, one for each SVG: what hangs, or eats its memory, ends with the thread.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { initWasm, Resvg, type ResvgRenderOptions } from "@resvg/resvg-wasm";
import { limitWasmMemory } from "./limit-wasm-memory.ts";

export interface SvgJob {
  readonly svg: string;
  /** Of the longer side, in pixels. `undefined`: the document's own. */
  readonly side: number | undefined;
  readonly maxSide: number;
  readonly maxMemoryBytes: number;
}

/** Only `rasteriseSvg` starts this file, and this is what it gives. */
const { svg, side, maxSide, maxMemoryBytes } = workerData as SvgJob;

const wasm = await readFile(fileURLToPath(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm")));
await initWasm(limitWasmMemory(wasm, maxMemoryBytes));

const png = new Resvg(svg, toRenderOptions(new Resvg(svg))).render().asPng();
parentPort?.postMessage(png);

function toRenderOptions({ width, height }: { readonly width: number; readonly height: number }): ResvgRenderOptions {
  const longer = Math.max(width, height);
  const value = Math.max(1, Math.round(Math.min(side ?? longer, maxSide)));
  // Models see a transparent pixel as black, people see a page.
  const background = "#fff";
  return { background, fitTo: { mode: width >= height ? "width" : "height", value } };
}
