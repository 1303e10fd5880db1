import { expect, it } from "vitest";
import { callHeaders, lowerCaseNames } from "./request-headers.ts";

it("writes names in lower case, and the last of the same name counts", () => {
  expect(lowerCaseNames({ "X-Trace": "1", Authorization: "a", authorization: "b" })).toEqual({
    "x-trace": "1",
    authorization: "b",
  });
  expect(lowerCaseNames()).toEqual({});
});

it.each(["Authorization", "Cookie", "HOST", "Origin", "Proxy-Authorization", "Api-Key"])(
  "a caller's %s is not the provider's to send",
  (name) => {
    expect(callHeaders({ [name]: "x", "X-Trace": "1" })).toEqual({ "x-trace": "1" });
  },
);
