import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./workspace.ts";

const rows = readFileSync(join(root, "docs/threat-model.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| T\d/.test(line))
  .map((line) => line.split(/ ?\| ?/).slice(1, -1));

describe("docs/threat-model.md", () => {
  it("has 40 rows", () => {
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 40 }, (_, index) => `T${index + 1}`));
  });

  it.each(rows.map((row) => [row[0] ?? "", row.at(-1) ?? ""]))(
    "%s names tests that are there, or says why not",
    (_, said) => {
      const named = [...said.matchAll(/`([\w./-]+\.(?:ts|yml))`((?:,? ?"[^"]+")+)/g)];
      expect(named.length > 0 || said.startsWith("no test: ")).toBe(true);
      for (const [, file = "", names = ""] of named) {
        expect(existsSync(join(root, file)), file).toBe(true);
        const text = readFileSync(join(root, file), "utf8");
        for (const [, name = ""] of names.matchAll(/"([^"]+)"/g)) expect(text).toContain(name);
      }
    },
  );
});
