import { describe, expect, it } from "vitest";
import { HELP, parseCommandLine } from "./command-line.ts";

describe("parseCommandLine", () => {
  it("has defaults", () => {
    const nothing = { config: undefined, host: undefined, demo: false, imageUrls: false, help: false, version: false };
    expect(parseCommandLine([])).toEqual({ ...nothing, port: 4000 });
  });

  it("reads every option, and the help names it", () => {
    const all = ["--config", "c.yaml", "--host", "::1", "--port", "0", "--demo", "--image-urls", "--help", "--version"];
    const read = { config: "c.yaml", host: "::1", port: 0, demo: true, imageUrls: true, help: true, version: true };
    expect(parseCommandLine(all)).toEqual(read);
    for (const option of all.filter((word) => word.startsWith("--"))) expect(HELP).toContain(option);
    expect(parseCommandLine(["-c", "c.yaml", "-h", "-v"])).toMatchObject({
      config: "c.yaml",
      help: true,
      version: true,
    });
  });

  it.each([
    [["--prot", "1"], "--prot"],
    [["--port"], "--port"],
    [["--port", "70000"], "70000"],
    [["--port=-1"], "-1"],
    [["--port", "4e"], "4e"],
    [["--port", ""], '""'],
    [["config.yaml"], "config.yaml"],
  ])("names what is wrong with %j", (args, named) => {
    expect(() => parseCommandLine(args)).toThrow(named);
  });
});
