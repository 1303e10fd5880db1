import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generate } from "./generate.ts";

describe("generate", () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "create-llamaduct-provider-"));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it("fills in the name, as an id and as part of identifiers, and leaves no gap", () => {
    const { folder, files } = generate("my-host2", parent);
    expect(folder).toBe("llamaduct-provider-my-host2");
    const texts = files.map((file) => readFileSync(join(parent, folder, file), "utf8"));
    for (const text of texts) expect(text).not.toMatch(/__\w+/);
    expect(texts.join("\n")).toContain("export function createMyHost2(options: MyHost2Options): Provider {");
    expect(texts.join("\n")).toContain('const ID = "my-host2";');
    expect(files).toContain(".gitignore");
  });

  it("depends on what it is published beside", () => {
    const { folder } = generate("x", parent);
    const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).devDependencies;
    const made = JSON.parse(readFileSync(join(parent, folder, "package.json"), "utf8"));
    expect(made.peerDependencies).toEqual({ "@llamaduct/core": own["@llamaduct/core"] });
    expect({ ...made.dependencies, ...made.devDependencies }).toEqual(own);
  });

  it.each(["My", "9x", "-x", "a_b", "a/b", "../x", ""])("refuses the name %j", (name) => {
    expect(() => generate(name, parent)).toThrow("is no provider id");
  });

  it("does not write where something is", () => {
    mkdirSync(join(parent, "llamaduct-provider-x"));
    expect(() => generate("x", parent)).toThrow("There is already a llamaduct-provider-x here.");
  });
});
