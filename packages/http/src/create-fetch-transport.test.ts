import { describe, expect, it } from "vitest";
import * as browser from "./browser.ts";
import { createFetchTransport } from "./create-fetch-transport.ts";
import * as index from "./index.ts";

it("the entry for browsers has every name of the other", () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(index).sort());
});

describe("createFetchTransport()", () => {
  it("refuses what fetch cannot do, a guard above all", () => {
    expect(() => createFetchTransport({ connectTimeoutMs: undefined, allowAddress: () => true })).toThrow(
      expect.objectContaining({ code: "unsupported", setting: "allowAddress" }),
    );
  });
});
