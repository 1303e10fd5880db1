import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { inflateSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { base64, bytesOf, pngHeader } from "../test/images.ts";
import { serve } from "../test/server.ts";
import { createImageReader } from "./create-image-reader.ts";
import { rasteriseSvg } from "./rasterise-svg.ts";

const OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const RED = '<rect width="100%" height="100%" fill="red"/>';
const never = new AbortController().signal;

const render = (svg: string, timeoutMs?: number): Promise<string> =>
  rasteriseSvg(Buffer.from(svg), { setting: "x", signal: never, timeoutMs });

/** Width, height and the first pixel, which no PNG filter changes. */
function look(png: string): { readonly size: string; readonly pixel: readonly number[] } {
  const bytes = bytesOf(png);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const isData = bytes.toString("latin1", at + 4, at + 8) === "IDAT";
    if (isData) data.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const size = `${bytes.readUInt32BE(16)}×${bytes.readUInt32BE(20)}`;
  return { size, pixel: [...inflateSync(Buffer.concat(data)).subarray(1, 4)] };
}

describe("SVG", () => {
  const svg = `<?xml version="1.0"?>\n${OPEN} width="4" height="2">${RED}</svg>`;

  it.each([
    ["base64", `data:image/svg+xml;base64,${base64(svg)}`],
    ["escaped UTF-8", `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`],
    ["plain UTF-8", `data:image/svg+xml;utf8,${svg}`],
    ["another label", `data:image/png;base64,${base64(svg)}`],
    ["no prefix", base64(svg)],
    ["a byte order mark", `data:image/svg+xml;base64,${base64(`\uFEFF${svg}`)}`],
  ])("H4: as %s comes out as PNG", async (_, source) => {
    const { mediaType, data } = await createImageReader().read(source);
    expect(mediaType).toBe("image/png");
    expect(look(data)).toEqual({ size: "4×2", pixel: [255, 0, 0] });
  });

  it("is refused where PNG is not accepted", async () => {
    const { read } = createImageReader({ accepts: ["image/jpeg"] });
    await expect(read(base64(svg))).rejects.toMatchObject({ code: "unsupported" });
  });

  it.each([
    ['width="30" height="20"', "30×20"],
    ['width="30mm" height="20mm"', "113×75"],
    ['viewBox="0 0 30 20"', "1024×683"],
    ['viewBox="0 0 20 30" width="100%" height="100%"', "683×1024"],
    ['width="4096" height="1024"', "2048×512"],
    ['width="1000" height="1000000"', "2×2048"],
  ])("%s becomes %s pixels", async (size, expected) => {
    expect(look(await render(`${OPEN} ${size}>${RED}</svg>`)).size).toBe(expected);
  });

  it("stands on white", async () => {
    expect(look(await render(`${OPEN} width="1" height="1"></svg>`)).pixel).toEqual([255, 255, 255]);
  });

  it("H4: reads nothing outside of itself", async () => {
    const server = await serve((_, response) => response.end());
    const url = `${server.url}/a.png`;
    const outside = `<!DOCTYPE svg [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY web SYSTEM "${url}">]>
      ${OPEN} width="4" height="2">
        <style>@import url("${url}"); @font-face { font-family: x; src: url("${url}") }</style>
        <image href="${url}" width="4" height="2"/>
        <image xlink:href="${url}" width="4" height="2"/>
        <image href="${import.meta.url}" width="4" height="2"/>
        <image href="/etc/passwd" width="4" height="2"/>
        <use href="${url}#a"/>
        <rect width="4" height="2" fill="none" stroke="url(${url}#a)"/>
        <foreignObject width="4" height="2"><iframe xmlns="http://www.w3.org/1999/xhtml" src="${url}"/></foreignObject>
        <script href="${url}"/><text>&file;&web;</text>
      </svg>`;
    const outcome = await render(outside.replaceAll(/&(file|web);/g, ""));
    expect(look(outcome)).toEqual({ size: "4×2", pixel: [255, 255, 255] });
    await expect(render(outside)).rejects.toMatchObject({ code: "invalid_value" });
    expect(server.sockets).toHaveLength(0);
  });

  it.each([
    ["not closed", `${OPEN}><g>`],
    ["without its namespace", "<svg width='1' height='1'></svg>"],
    ["without any size", `${OPEN} width="0" height="0"/>`],
    ["long and thin beyond a pixel", `${OPEN} width="1000000000" height="1">${RED}</svg>`],
  ])("%s is an error", async (_, text) => {
    await expect(render(text)).rejects.toMatchObject({
      code: "invalid_value",
      setting: "x",
      message: "x is an SVG that cannot be rendered, or not fast enough.",
    });
  });

  it("of more than 1 MiB is refused before it is rendered", async () => {
    const text = `${OPEN} width="1" height="1"><!--${"-".repeat(2 ** 20)}--></svg>`;
    await expect(render(text)).rejects.toThrow("x is an SVG of more than 1048576 bytes.");
  });
});

describe("a hostile SVG", () => {
  const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + RED + close.repeat(depth);
  const laughs = Array.from({ length: 12 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`);
  const uses = Array.from(
    { length: 8 },
    (_, index) => `<g id="u${index + 1}">${`<use href="#u${index}"/>`.repeat(10)}</g>`,
  );
  const bomb = base64(Buffer.concat([pngHeader(60_000, 60_000), bytesOf("AAAAAElEQVQ=")]));
  const blur = '<filter id="f"><feGaussianBlur stdDeviation="500"/></filter>';

  it.each([
    ["nested elements", `${OPEN} width="9" height="9">${nested("<g>", "</g>", 100_000)}</svg>`],
    ["nested layers", `${OPEN} width="2048" height="2048">${nested('<g opacity=".9">', "</g>", 600)}</svg>`],
    ["elements without an end", `${OPEN} width="9" height="9">${"<g>".repeat(300_000)}`],
    [
      "a billion laughs",
      `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs.join("")}]>${OPEN} width="9" height="9">&l12;</svg>`,
    ],
    [
      "one long entity many times",
      `<!DOCTYPE svg [<!ENTITY a "${"a".repeat(400_000)}">]>${OPEN} width="9" height="9">${"&a;".repeat(99_000)}</svg>`,
    ],
    ["copies of copies", `${OPEN} width="9" height="9"><g id="u0">${RED}</g>${uses.join("")}<use href="#u8"/></svg>`],
    [
      "slow filters",
      `${OPEN} width="2048" height="2048">${blur}${'<rect filter="url(#f)" width="2048" height="2048"/>'.repeat(50)}</svg>`,
    ],
  ])("with %s ends with an error, and nobody else waits for it", async (_, svg) => {
    let longestMs = 0;
    let last = performance.now();
    const clock = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    onTestFinished(() => clearInterval(clock));
    const before = process.memoryUsage.rss();
    let worker: Worker | undefined;
    process.once("worker", (started) => {
      worker = started;
    });
    await expect(render(svg, 1500)).rejects.toMatchObject({ code: "invalid_value", setting: "x" });
    expect(performance.now() - last).toBeLessThan(1000);
    expect(longestMs).toBeLessThan(1000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(700 * 2 ** 20);
    // It is -1 once the thread is gone.
    expect(worker?.threadId).toBe(-1);
  });

  it("with layers for more memory than it may have ends with an error", async () => {
    const svg = `${OPEN} width="2048" height="2048">${nested('<g opacity=".9">', "</g>", 60)}</svg>`;
    await expect(render(svg, 60_000)).rejects.toMatchObject({
      code: "invalid_value",
      cause: { message: "unreachable" },
    });
  }, 70_000);

  it.each([
    ["huge sides", `${OPEN} width="1000000" height="1000000">${RED}</svg>`, "2048×2048"],
    ["a use of itself", `${OPEN} width="9" height="9"><g id="a"><use href="#a"/>${RED}</g></svg>`, "9×9"],
    [
      "a bomb for an image",
      `${OPEN} width="9" height="9"><image href="data:image/png;base64,${bomb}" width="9" height="9"/></svg>`,
      "9×9",
    ],
    [
      "endless dashes",
      `${OPEN} width="99" height="99"><path stroke="red" stroke-dasharray="0.0001" d="M0 0L1e9 1e9"/></svg>`,
      "99×99",
    ],
  ])("with %s has a bounded result", async (_, svg, size) => {
    expect(look(await render(svg)).size).toBe(size);
  });
});

describe("the renderer", () => {
  it("where it is not installed, the package is named", async () => {
    const folder = await mkdtemp(join(tmpdir(), "images-without-renderer-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(import.meta.dirname, folder, { recursive: true });
    const worker = pathToFileURL(join(folder, "svg-worker.ts"));
    await expect(rasteriseSvg(Buffer.from(`${OPEN}/>`), { setting: "x", signal: never, worker })).rejects.toMatchObject(
      {
        code: "unsupported",
        setting: "x",
        message:
          "x is an SVG, which cannot be rendered here: it needs the package @resvg/resvg-wasm " +
          "(npm install @resvg/resvg-wasm). Send a PNG.",
      },
    );
  });

  it("stops with the caller's own reason", async () => {
    const controller = new AbortController();
    const svg = `${OPEN} width="9" height="9">${"<g>".repeat(300_000)}`;
    const rendering = rasteriseSvg(Buffer.from(svg), { setting: "x", signal: controller.signal });
    controller.abort("gone");
    await expect(rendering).rejects.toBe("gone");
  });

  it("runs for two at a time, and all come out", async () => {
    const sources = [1, 2, 3, 4, 5].map((side) => ({
      source: base64(`${OPEN} width="${side}" height="1">${RED}</svg>`),
    }));
    const images = await createImageReader().readAll(sources);
    expect(images.map(({ data }) => look(data).size)).toEqual(["1×1", "2×1", "3×1", "4×1", "5×1"]);
  });
});
