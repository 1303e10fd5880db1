import { expect, it } from "vitest";
import { fullModelName, withTag } from "./model-name.ts";

it.each([
  ["plain", "registry.ollama.ai/library/plain:latest"],
  ["Plain:LATEST", "registry.ollama.ai/library/plain:latest"],
  ["library/plain", "registry.ollama.ai/library/plain:latest"],
  ["acme/plain:v1", "registry.ollama.ai/acme/plain:v1"],
  ["host:5000/acme/plain", "host:5000/acme/plain:latest"],
])("files %s as %s", (name, full) => {
  expect(fullModelName(name)).toBe(full);
});

it("takes no port for a tag", () => {
  expect(withTag("host:5000/a/b")).toBe("host:5000/a/b:latest");
});
