import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { StartError } from "../cli/start-error.ts";
import { readConfigFiles } from "./read-config-files.ts";

async function read(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "llamaduct-include-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const short = (text: string) => text.replaceAll(`${folder}/`, "");
  try {
    const { value, where, repeated } = await readConfigFiles(join(folder, "c.yaml"));
    return { value, where: (...keys: PropertyKey[]) => short(where(keys)), repeated: repeated.map(short) };
  } catch (error) {
    if (error instanceof StartError) throw new StartError(short(error.message));
    throw error;
  }
}

describe("readConfigFiles", () => {
  it("puts lists together and lets a later file replace the rest, each once", async () => {
    const { value, where } = await read({
      "c.yaml":
        "include: [sub/a.yaml, b.yaml]\nmodel_list: [{ model_name: one }]\ngeneral_settings: { master_key: x }\n",
      "sub/a.yaml": "include: [d.yaml, ../c.yaml]\nmodel_list:\n  - model_name: two\n  - model_name: three\n",
      "sub/d.yaml": "include: a.yaml\nmodel_list: [{ model_name: four }]\n",
      "b.yaml": "general_settings: { completion_model: y }\nrouter_settings: {}\n",
    });
    expect(value).toEqual({
      include: ["sub/a.yaml", "b.yaml"],
      model_list: ["one", "two", "three", "four"].map((model_name) => ({ model_name })),
      general_settings: { completion_model: "y" },
      router_settings: {},
    });
    expect(where("model_list", 0, "model_name")).toBe("c.yaml:2 model_list[0].model_name");
    expect(where("model_list", 2, "model_name")).toBe("sub/a.yaml:4 model_list[1].model_name");
    expect(where("model_list", 3)).toBe("sub/d.yaml:2 model_list[0]");
    expect(where("general_settings", "completion_model")).toBe("b.yaml:1 general_settings.completion_model");
    expect(where("router_settings")).toBe("b.yaml:2 router_settings");
    expect(where()).toBe("c.yaml the file");
  });

  it("looks beside the first file, too, as older configs have it", async () => {
    const { value } = await read({
      "c.yaml": "include: sub/a.yaml",
      "sub/a.yaml": "include: [b.yaml]",
      "b.yaml": "x: 1",
    });
    expect(value).toMatchObject({ x: 1 });
  });

  it.each(["", "# nothing", "~"])("takes %j for a file without keys", async (text) => {
    expect((await read({ "c.yaml": text })).value).toEqual({});
  });

  it("tells of keys that stand twice, in any file", async () => {
    const { repeated } = await read({ "c.yaml": "include: a.yaml\nx: 1\n", "a.yaml": "y: 1\ny: 2\n" });
    expect(repeated).toEqual(["a.yaml:2 y"]);
  });

  it.each([
    ["a text", { "c.yaml": "hello" }, "c.yaml: the file must be a map."],
    ["a list that is included", { "c.yaml": "include: a.yaml", "a.yaml": "- 1" }, "a.yaml: the file must be a map."],
    [
      "a file that is not there",
      { "c.yaml": "x: 1\ninclude: [a.yaml]" },
      "c.yaml:2 include[0]: there is no file a.yaml.",
    ],
    ["numbers", { "c.yaml": "include: [1]" }, "c.yaml:1 include must be a path or a list of paths."],
    ["a folder", { "c.yaml/x": "" }, "The config c.yaml cannot be read: EISDIR."],
    ["nothing", {}, "The config c.yaml cannot be read: ENOENT."],
    ["wrong YAML far below", { "c.yaml": "include: a.yaml", "a.yaml": "a: 1\n\t- b" }, /^a\.yaml:2 /],
  ])("refuses %s", async (_, files, message) => {
    await expect(read(files)).rejects.toThrow(message instanceof RegExp ? message : new StartError(message));
  });
});
