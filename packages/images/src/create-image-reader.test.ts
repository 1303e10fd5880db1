import { describe, expect, it, vi } from "vitest";
import { countConnects } from "../test/connects.ts";
import {
  base64,
  bytesOf,
  GIF,
  JPEG,
  JPEG_LATE_SIZE,
  PNG,
  pngHeader,
  WEBP,
  WEBP_EXTENDED,
  WEBP_LOSSLESS,
} from "../test/images.ts";
import { serve } from "../test/server.ts";
import { createImageReader } from "./create-image-reader.ts";
import * as publicAddress from "./public-address.ts";

vi.mock(import("./public-address.ts"), { spy: true });

const setting = "messages.0.content.1.image_url";
const { read, readAll } = createImageReader();

/** Bytes whose base64 has both characters that the URL-safe alphabet spells differently, and padding. */
const ODD = base64(Buffer.concat([bytesOf(PNG), Buffer.from([0xfb, 0xff, 0xfe, 0xff])]));
const ODD_URL_SAFE = ODD.replaceAll("+", "-").replaceAll("/", "_");

describe("sources", () => {
  it("the bytes are odd enough", () => {
    expect(ODD).toMatch(/\+.*\/.*=$/s);
  });

  it.each([
    ["bare base64", ODD],
    ["bare, without padding", ODD.replace(/=+$/, "")],
    ["bare, URL-safe", ODD_URL_SAFE],
    ["bare, URL-safe, without padding", ODD_URL_SAFE.replace(/=+$/, "")],
    ["bare, with line breaks", ODD.replace(/.{76}/g, "$&\r\n")],
    ["bare, with space around", `\n ${ODD}\n`],
    ["the usual prefix", `data:image/png;base64,${ODD}`],
    ["another type", `data:image/jpeg;base64,${ODD}`],
    ["a type that is no image's", `data:application/octet-stream;base64,${ODD}`],
    ["no type", `data:;base64,${ODD}`],
    ["another case", `DATA:Image/PNG;Base64,${ODD}`],
    ["more parameters", `data:image/png;charset=utf-8;name=x.png;base64,${ODD}`],
    ["spaces in the prefix", `data: image/png ; base64 ,${ODD}`],
    ["a prefix and the URL-safe alphabet", `data:image/png;base64,${ODD_URL_SAFE}`],
    ["a prefix and line breaks", `data:image/png;base64,\n${ODD.replace(/.{60}/g, "$&\n")}\n`],
    ["a prefix and escapes", `data:image/png;base64,${encodeURIComponent(ODD)}`],
    ["a prefix and no base64", `data:image/png,${bytesOf(ODD).toString("hex").replace(/../g, "%$&")}`],
  ])("H1: %s gives the same pure base64", async (_, source) => {
    expect(await read(source)).toStrictEqual({ mediaType: "image/png", data: ODD });
  });

  it("H3: what real servers were asked with goes through as it is", async () => {
    expect(await read(PNG)).toStrictEqual({ mediaType: "image/png", data: PNG });
  });

  it.each([
    ["image/png", PNG],
    ["image/jpeg", JPEG],
    ["image/jpeg", JPEG_LATE_SIZE],
    ["image/webp", WEBP],
    ["image/webp", WEBP_LOSSLESS],
    ["image/webp", WEBP_EXTENDED],
  ])("H3: %s goes through untouched, by its bytes and not by its label", async (mediaType, data) => {
    expect(await read(`data:text/plain;base64,${data}`)).toStrictEqual({ mediaType, data });
  });

  it.each([
    "",
    " ",
    "data:",
    "data:image/png",
    "data:image/png;base64,",
    "data:image/png,",
    "a",
    "abcde",
    "!!!!",
    "AA=A",
  ])("refuses %j", async (source) => {
    await expect(read(source, { setting })).rejects.toMatchObject({
      code: "invalid_value",
      setting,
      message: `${setting} is neither a data URL, nor base64, nor an http or https URL.`,
    });
  });

  it.each(["file:///etc/passwd", "ftp://images.example/a.png", "javascript:alert(1)", "C:\\a.png"])(
    "reads no %s",
    async (source) => {
      await expect(read(source)).rejects.toThrow("The image is neither a data URL, nor base64");
    },
  );

  it("reads no path, though it may be base64", async () => {
    await expect(read("/etc/passwd")).rejects.toThrow("The image is not an image.");
  });
});

describe("formats", () => {
  const ftyp = (brand: string): string => base64(`\0\0\0\x18ftyp${brand}\0\0\0\0`);

  it.each([
    ["image/bmp", base64("BM\x46\0\0\0\0\0\0\0\x36\0\0\0")],
    ["image/tiff", base64("II*\0\x08\0\0\0")],
    ["image/tiff", base64("MM\0*\0\0\0\x08")],
    ["image/x-icon", base64("\0\0\x01\0\x01\0")],
    ["image/avif", ftyp("avif")],
    ["image/heic", ftyp("heic")],
    ["image/heic", ftyp("hevc")],
    ["image/heif", ftyp("mif1")],
    ["video/mp4", ftyp("isom")],
    ["image/jxl", base64(Uint8Array.of(0xff, 0x0a, 0))],
    ["application/pdf", base64("%PDF-1.7\n")],
    ["application/gzip", base64(Uint8Array.of(0x1f, 0x8b, 8, 0))],
    ["image/gif", GIF],
  ])("H4: %s is refused by its name", async (mediaType, data) => {
    await expect(read(`data:image/png;base64,${data}`, { setting })).rejects.toMatchObject({
      code: "unsupported",
      setting,
      message: `${setting} is ${mediaType}, which cannot be used; send image/png or image/jpeg or image/webp.`,
    });
  });

  it("H4: GIF goes through where it is accepted, and nothing that is not", async () => {
    const { read } = createImageReader({ accepts: ["image/gif"] });
    expect(await read(GIF)).toStrictEqual({ mediaType: "image/gif", data: GIF });
    await expect(read(PNG)).rejects.toMatchObject({ code: "unsupported", message: /is image\/png/ });
  });

  it.each([
    ["text", base64("BM is no bitmap, and a text no image")],
    ["HTML", base64("<!doctype html><title>x</title>")],
    ["other XML", base64('<?xml version="1.0"?><svgx/>')],
    ["half a signature", base64(bytesOf(PNG).subarray(0, 7))],
    ["RIFF that is WAVE", base64("RIFF\0\0\0\0WAVEfmt ")],
  ])("%s is not an image", async (_, data) => {
    await expect(read(`data:image/png;base64,${data}`, { setting })).rejects.toMatchObject({
      code: "invalid_value",
      setting,
      message: `${setting} is not an image.`,
    });
  });
});

describe("limits", () => {
  it.each([
    [8000, 5000],
    [1, 40_000_000],
  ])("takes %i × %i pixels", async (width, height) => {
    const data = base64(pngHeader(width, height));
    expect(await read(data)).toStrictEqual({ mediaType: "image/png", data });
  });

  it.each([
    [8001, 5000],
    [65_535, 65_535],
    [2 ** 32 - 1, 2 ** 32 - 1],
  ])("refuses %i × %i pixels", async (width, height) => {
    await expect(read(base64(pngHeader(width, height)), { setting })).rejects.toMatchObject({
      code: "invalid_value",
      setting,
      message: `${setting} has ${width} × ${height} pixels, which is more than 40000000.`,
    });
  });

  it.each([
    ["image/png", base64(pngHeader(0, 1))],
    ["image/png", base64(bytesOf(PNG).subarray(0, 20))],
    ["image/jpeg", base64(bytesOf(JPEG).subarray(0, 60))],
    ["image/webp", base64(bytesOf(WEBP).subarray(0, 20))],
  ])("refuses %s that does not say its size", async (mediaType, data) => {
    await expect(read(data)).rejects.toThrow(`The image is not a complete ${mediaType}.`);
  });

  it("maxPixels and maxBytes include what they name", async () => {
    const size = bytesOf(PNG).byteLength;
    expect(await createImageReader({ maxPixels: 1, maxBytes: size }).read(PNG)).toHaveProperty("data", PNG);
    await expect(createImageReader({ maxPixels: 0 }).read(PNG)).rejects.toThrow("has 1 × 1 pixels");
    await expect(createImageReader({ maxBytes: size - 1 }).read(PNG)).rejects.toThrow(
      `is larger than ${size - 1} bytes`,
    );
  });
});

describe("URLs", () => {
  it.each(["http://127.0.0.1:1/a.png", "HTTPS://images.example/a.png", " https://images.example/a.png"])(
    "H2: %s is refused by default, with what to do instead, and not connected to",
    async (source) => {
      const connects = countConnects();
      await expect(read(source, { setting })).rejects.toMatchObject({
        code: "invalid_value",
        setting,
        message:
          `${setting} is a URL, and URLs are not fetched here. Send the image itself as a data URL, or have URLs ` +
          "allowed: the image reader's option `remote`, the proxy's flag --image-urls.",
      });
      expect(connects()).toBe(0);
    },
  );

  it("H2: where they are allowed, the bytes come from there", async () => {
    vi.mocked(publicAddress.isPublicAddress).mockImplementation((address) => address === "127.0.0.1");
    const server = await serve(({ url }, response) => {
      const data = url === "/a.png" ? bytesOf(PNG) : pngHeader(65_535, 65_535);
      response.setHeader("content-type", "image/png").end(data);
    });
    const { read } = createImageReader({ remote: { allowHttp: true, ports: [server.port] } });
    expect(await read(`${server.url}/a.png`)).toStrictEqual({ mediaType: "image/png", data: PNG });
    await expect(read(`${server.url}/bomb.png`)).rejects.toThrow("has 65535 × 65535 pixels");
    vi.mocked(publicAddress.isPublicAddress).mockRestore();
  });

  it("H2: a private address is refused where URLs are allowed", async () => {
    const server = await serve((_, response) => response.setHeader("content-type", "image/png").end(bytesOf(PNG)));
    const { read } = createImageReader({ remote: { allowHttp: true, ports: [server.port] } });
    await expect(read(`${server.url}/a.png`, { setting })).rejects.toMatchObject({
      code: "invalid_value",
      setting,
      message: expect.stringMatching(/^messages\.0\.content\.1\.image_url could not be fetched\. It must be /),
    });
    expect(server.sockets).toHaveLength(0);
  });
});

describe("readAll", () => {
  it("gives the images in the order of their sources", async () => {
    const images = await readAll([{ source: JPEG }, { source: PNG }, { source: `data:;base64,${WEBP}` }]);
    expect(images.map(({ mediaType }) => mediaType)).toEqual(["image/jpeg", "image/png", "image/webp"]);
    expect(await readAll([])).toEqual([]);
  });

  it("names the image that is wrong", async () => {
    const sources = [
      { source: PNG, setting: "a" },
      { source: GIF, setting: "b" },
    ];
    await expect(readAll(sources)).rejects.toMatchObject({ code: "unsupported", setting: "b" });
  });

  it("counts the URLs of the request, and does not fetch any when there are too many", async () => {
    const { readAll } = createImageReader({ remote: { maxImages: 1 } });
    const connects = countConnects();
    const url = "https://8.8.8.8/";
    await expect(readAll([{ source: url }, { source: PNG }, { source: url, setting: "c" }])).rejects.toMatchObject({
      setting: "c",
    });
    expect(connects()).toBe(0);
  });

  it("stops the other fetches when one image is wrong", async () => {
    vi.mocked(publicAddress.isPublicAddress).mockImplementation((address) => address === "127.0.0.1");
    const arrived = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      if (request.url === "/never") request.socket.on("close", () => response.destroy()).on("end", () => {});
      else response.setHeader("content-type", "image/gif").end(bytesOf(GIF));
      arrived.resolve();
    });
    const { readAll } = createImageReader({ remote: { allowHttp: true, ports: [server.port] } });
    await expect(
      readAll([{ source: `${server.url}/never` }, { source: `${server.url}/a.gif`, setting: "b" }]),
    ).rejects.toMatchObject({ code: "unsupported", setting: "b" });
    await vi.waitFor(() => expect(server.sockets.map(({ destroyed }) => destroyed)).toEqual([true, true]));
    vi.mocked(publicAddress.isPublicAddress).mockRestore();
  });

  it("rejects with the reason of an abort itself", async () => {
    const reason = { left: true };
    await expect(read(PNG, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it("leaves no listener on a signal that lives long", async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    await read(PNG, { signal });
    await read("!", { signal }).catch(() => {});
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });
});
