import { describe, expect, it } from "vitest";
import { StartError } from "../cli/start-error.ts";
import { parseYaml } from "./parse-yaml.ts";

const parse = (text: string) => parseYaml("config.yaml", text);

describe("parseYaml", () => {
  it("reads what Python's parser reads: YAML 1.1, as far as JSON goes", () => {
    const text = `
yes: yes
off: off
y: n
octal: 010
large: 1_000
date: 2027-06-30
duration: 8m
merged: { <<: { a: 1, b: 2 }, b: 3 }
none: ~
`;
    expect(parse(text).value).toEqual({
      true: true,
      false: false,
      y: "n",
      octal: 8,
      large: 1000,
      date: "2027-06-30",
      duration: "8m",
      merged: { a: 1, b: 3 },
      none: null,
    });
  });

  it("knows where keys stand, through aliases, and their nearest parent", () => {
    const { where } = parse("x: &x\n  a: 1\nlist:\n  - *x\n  - b: 2\n");
    expect(where(["list", 1, "b"])).toBe("config.yaml:5 list[1].b");
    expect(where(["list", 0, "a"])).toBe("config.yaml:2 list[0].a");
    expect(where(["list", 1, "c", "d"])).toBe("config.yaml:5 list[1].c.d");
    expect(where([])).toBe("config.yaml the file");
  });

  it("has the last of equal keys, as Python, and tells of them", () => {
    const { value, where, repeated } = parse("a:\n  b: 1\na:\n  c: 2\n");
    expect(value).toEqual({ a: { c: 2 } });
    expect(where(["a", "c"])).toBe("config.yaml:4 a.c");
    expect(repeated).toEqual(["config.yaml:3 a"]);
  });

  it("takes many aliases of something small", () => {
    const items = Array.from({ length: 1000 }, () => "  - *shared").join("\n");
    expect(parse(`x: &shared { a: 1, b: 2 }\nlist:\n${items}\n`).value).toMatchObject({ x: { a: 1 } });
  });

  const grow = (level: (name: string) => string, levels: number) =>
    Array.from({ length: levels }, (_, n) => `a${n + 1}: &a${n + 1} ${level(`*a${n}`)}`).join("\n");
  it.each([
    ["lists of lists", `a0: &a0 [1, 1]\n${grow((last) => `[${Array(9).fill(last).join(", ")}]`, 12)}`],
    ["merged maps", `a0: &a0 { x: 1 }\n${grow((last) => `{ <<: [${last}, ${last}] }`, 60)}`],
    ["a list that holds itself", "a: &a [1, *a]"],
    ["a map that holds itself", "a: &a { b: *a }"],
    ["a map that merges itself", "a: &a { <<: *a }"],
  ])("refuses %s", (_, text) => {
    expect(() => parse(text)).toThrow(new StartError("config.yaml: its aliases make more than 200000 values of it."));
  });

  it.each([
    ["a tab", "model_list:\n\t- a\n", /^config\.yaml:2 /],
    ["an alias of nothing", "a: *b\n", /^config\.yaml(:1)?:? .*b/],
    ["brackets without end", "[".repeat(10_000), /^config\.yaml:1 /],
  ])("refuses what is not YAML: %s", (_, text, message) => {
    expect(() => parse(text)).toThrow(StartError);
    expect(() => parse(text)).toThrow(message);
  });
});
