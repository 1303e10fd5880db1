import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Provider, ProviderFactory } from "@llamaduct/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadProviders } from "./load-providers.ts";

const own: ProviderFactory = {
  specVersion: 1,
  id: "own",
  create: (): Provider => ({ specVersion: 1, id: "own", settings: [] }),
};
const factory = (id: string, specVersion = 1) =>
  `export const provider = { specVersion: ${specVersion}, id: "${id}", create: () => ({ specVersion: 1, id: "${id}", settings: [] }) };`;

async function load(files: Readonly<Record<string, string>>, ...names: readonly string[]) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "llamaduct-providers-")));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const { providers, faults } = await loadProviders(names, { known: [own], folders: [join(folder, "a"), folder] });
  return {
    ids: providers.map(({ id }) => id),
    faults: faults.map(({ keys, message }) => `${keys.join(".")} ${message.replaceAll(folder, "")}`),
  };
}
const packageJson = (exports: unknown) => JSON.stringify({ name: "x", type: "module", exports });

describe("loadProviders", () => {
  it("imports files and packages, beside the config before elsewhere", async () => {
    const { ids, faults } = await load(
      {
        "a/one.mjs": factory("one"),
        "one.mjs": factory("elsewhere"),
        "two.mjs": factory("two"),
        "a/node_modules/three/package.json": packageJson({ ".": { types: "./x.d.ts", default: "./index.js" } }),
        "a/node_modules/three/index.js": factory("three"),
        "node_modules/@team/four/package.json": packageJson({
          ".": { import: { types: "./x.d.ts", default: "./four.js" } },
        }),
        "node_modules/@team/four/four.js": factory("four"),
        "node_modules/five/package.json": packageJson({ import: "./five.js" }),
        "node_modules/five/five.js": factory("five"),
      },
      "./one.mjs",
      "./two.mjs",
      "three",
      "@team/four",
      "five",
    );
    expect(faults).toEqual([]);
    expect(ids).toEqual(["own", "one", "two", "three", "four", "five"]);
  });

  it.each([
    ["./none.mjs", {}, 'names "./none.mjs", which cannot be used: it is not in /a, nor in '],
    ["llamaduct-none", {}, 'names "llamaduct-none", which cannot be used: it is not in /a, nor in '],
    [
      "unbuilt",
      { "a/node_modules/unbuilt/package.json": packageJson({ default: "./dist/index.js" }) },
      'names "unbuilt", which cannot be used: it has no file /a/node_modules/unbuilt/dist/index.js; is it built?',
    ],
    [
      "unbuilt",
      { "node_modules/unbuilt/package.json": packageJson({ import: "./dist/index.js" }) },
      'names "unbuilt", which cannot be used: it has no file /node_modules/unbuilt/dist/index.js; is it built?',
    ],
    [
      "./x.mjs",
      { "x.mjs": "export const other = 1;" },
      'names "./x.mjs", which cannot be used: it exports no provider',
    ],
    ["./x.mjs", { "x.mjs": "throw new Error('no GPU here.');" }, 'names "./x.mjs", which cannot be used: no GPU here'],
    ["./x.mjs", { "x.mjs": factory("new", 2) }, /cannot be used: Provider new is written for spec 2/],
    ["./x.mjs", { "x.mjs": factory("A B") }, /cannot be used: Provider A B needs create/],
    ["./x.mjs", { "x.mjs": "export const provider = {" }, /cannot be used: ./],
  ])("says why %s cannot be used, and goes on without it", async (name, files, reason) => {
    const { ids, faults } = await load({ ...files, "last.mjs": factory("last") }, name, "./last.mjs");
    expect(faults).toEqual([expect.stringMatching(/^providers\.0 /)]);
    expect(faults[0]).toMatch(reason);
    expect(ids).toEqual(["own", "last"]);
  });

  it("takes the file's in place of one that comes along, but no two of the file's", async () => {
    const files = { "x.mjs": factory("own"), "y.mjs": factory("own") };
    const { ids, faults } = await load(files, "./x.mjs", "./y.mjs");
    expect(ids).toEqual(["own"]);
    expect(faults).toEqual([expect.stringMatching(/^providers\.1 .*Provider own is there twice/)]);
  });
});
