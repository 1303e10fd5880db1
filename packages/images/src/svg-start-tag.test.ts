import { describe, expect, it } from "vitest";
import { hasSize, svgStartTag } from "./svg-start-tag.ts";

describe("svgStartTag", () => {
  it.each([
    ["<svg>", "<svg"],
    ["<svg/>", "<svg/"],
    ['\uFEFF \n<svg width="1">', '<svg width="1"'],
    ["<svg:svg xmlns:svg='x'><", "<svg:svg xmlns:svg='x'"],
    ['<?xml version="1.0"?><!-- <html> --><?x ?>\n<svg >', "<svg "],
    ['<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd"><svg\n>', "<svg\n"],
    ['<!doctype svg [ <!ENTITY a "<b>"> ] ><svg id="a">', '<svg id="a"'],
    ['<svg width="1', '<svg width="1'],
  ])("finds it in %j", (text, tag) => {
    expect(svgStartTag(text)).toBe(tag);
  });

  it.each(["", "svg", "<svgx>", "<svg", "<html><svg>", "text <svg>", "<!-- <svg>", "<?xml <svg>", "<!DOCTYPE [<svg>"])(
    "finds none in %j",
    (text) => {
      expect(svgStartTag(text)).toBeUndefined();
    },
  );

  it.each(["<!---->", "<??>", "<!doctype x>", " ", "<!DOCTYPE [", "] ", "<!-", "<a:"])(
    "is done with a megabyte of %j at once",
    (piece) => {
      const startedAt = performance.now();
      svgStartTag(piece.repeat(2 ** 20 / piece.length));
      svgStartTag(`<!DOCTYPE [${piece.repeat(2 ** 20 / piece.length)}`);
      expect(performance.now() - startedAt).toBeLessThan(500);
    },
  );
});

it.each([
  ["<svg width='1' height='2'", true],
  ['<svg width = "10mm"', true],
  ['<svg viewBox="0 0 1 1" height="1e2"', true],
  ['<svg width="100%" height="100%"', false],
  ['<svg viewBox="0 0 1 1" stroke-width="2"', false],
  ['<svg width=""', false],
])("hasSize(%j) is %j", (tag, expected) => {
  expect(hasSize(tag)).toBe(expected);
});
