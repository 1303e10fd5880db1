import { expect, it } from "vitest";
import { nearPath } from "./near-path.ts";

const known = [
  "/v1/chat/completions",
  "/chat/completions",
  "/v1/models",
  "/v1/models/*",
  "/engines/:model/completions",
];

it.each([
  ["/v1/chat/completion", "/v1/chat/completions"],
  ["/V1/Chat/Completions", "/v1/chat/completions"],
  ["/v1/v1/chat/completions", "/v1/chat/completions"],
  ["/v1/chat/completions/", "/v1/chat/completions"],
  ["/v1/model", "/v1/models"],
  ["/api/tags", undefined],
  ["/", undefined],
  ["/engines/:model/completion", undefined],
  [`/v1/models${"s".repeat(100_000)}`, undefined],
])("%s was meant to be %s", (path, near) => {
  expect(nearPath(path, known)).toBe(near);
});
