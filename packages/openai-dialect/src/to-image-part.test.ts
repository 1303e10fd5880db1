import { describe, expect, it } from "vitest";
import { toImagePart } from "./to-image-part.ts";

const base64 = (...bytes: number[]) => Buffer.from(bytes).toString("base64");
const PNG = base64(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xfb, 0xff, 0xfe, 1);
const PNG_URL_SAFE = PNG.replaceAll("+", "-").replaceAll("/", "_");
const ascii = (text: string) => Buffer.from(text, "latin1").toString("base64");

describe("toImagePart", () => {
  it.each([
    `data:image/png;base64,${PNG}`,
    `DATA:image/png;BASE64,${PNG}`,
    `data:IMAGE/PNG;base64,${PNG}`,
    `data:image/png;name=a.png;charset=utf-8;base64,${PNG}`,
    `data:image/png;base64,${PNG_URL_SAFE}`,
    `data:image/png;base64,${PNG.replace(/=+$/, "")}`,
    `data:image/png;base64,${encodeURIComponent(PNG)}`,
    `data:image/png;base64,${PNG.slice(0, 8)}\r\n${PNG.slice(8)}`,
    `data:;base64,${PNG}`,
    `data:application/octet-stream;base64,${PNG}`,
    PNG,
    PNG_URL_SAFE,
  ])("H1: %s is the same plain base64", (url) => {
    expect(PNG_URL_SAFE).toMatch(/[-_]/);
    expect(toImagePart(url, "s")).toStrictEqual({ type: "image", mediaType: "image/png", data: PNG });
  });

  it("pads what came without padding", () => {
    expect(toImagePart("data:image/png;base64,YQ", "s").data).toBe("YQ==");
    expect(toImagePart("data:image/png;base64,YWE", "s").data).toBe("YWE=");
  });

  it.each([
    ["image/jpeg", base64(0xff, 0xd8, 0xff, 0xe0, 1)],
    ["image/gif", ascii("GIF89a..")],
    ["image/gif", ascii("GIF87a..")],
    ["image/webp", ascii("RIFF\x9a\x01\x00\x00WEBPVP8 ")],
  ])("knows bare %s by its first bytes", (mediaType, data) => {
    expect(toImagePart(data, "s")).toStrictEqual({ type: "image", mediaType, data });
  });

  it("keeps the media type a data URL declares", () => {
    expect(toImagePart(`data:image/heic;base64,${PNG}`, "s").mediaType).toBe("image/heic");
  });

  it.each([
    ["https://example.com/a.png", "unsupported"],
    ["HTTP://example.com/a.png", "unsupported"],
    [`data:image/svg+xml;base64,${ascii("<svg/>")}`, "unsupported"],
    ["data:image/svg+xml,%3Csvg/%3E", "invalid_value"],
    ["data:image/png;base64", "invalid_value"],
    ["data:image/png;base64,", "invalid_value"],
    ["data:image/png;base64,!!!!", "invalid_value"],
    ["data:image/png;base64,abcde", "invalid_value"],
    ["data:image/png;base64,%", "invalid_value"],
    [`data:text/plain;base64,${ascii("hello")}`, "invalid_value"],
    ["file:///etc/passwd", "invalid_value"],
    ["/etc/passwd", "invalid_value"],
    [ascii("RIFF....WAVE"), "invalid_value"],
    [ascii("RIFF....WEBX"), "invalid_value"],
    [ascii("hello"), "invalid_value"],
    ["", "invalid_value"],
  ])("refuses %j as %s, naming the field", (url, code) => {
    expect(() => toImagePart(url, "messages.0.content.1.image_url")).toThrow(
      expect.objectContaining({ code, setting: "messages.0.content.1.image_url" }),
    );
  });

  it("says what works instead of a link", () => {
    expect(() => toImagePart("https://x/y", "s")).toThrow(/data URL/);
  });
});
