import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./command-line.ts";
import { FLAGS, type Flag, IGNORED_FLAGS, toFlag } from "./flags.ts";
import { help } from "./help.ts";

const flags = Object.entries<Flag>(FLAGS);
const valued = flags.filter(([, { kind }]) => kind !== "switch");
const options = (args: readonly string[], environment = {}) => parseCommandLine(args, environment).options;

/** A value that fits, and how it is read. */
function example({ kind, min = 0 }: Flag): [string, unknown] {
  if (kind === "text") return ["some text", "some text"];
  return [String(min + 1), min + 1];
}

describe("parseCommandLine", () => {
  it("without arguments asks for nothing", () => {
    expect(Object.values(options([])).filter(Boolean)).toEqual([]);
  });

  it.each(valued)("reads --%s in both spellings, before and after an =", (name, flag) => {
    const [text, value] = example(flag);
    const kebab = toFlag(name);
    const snake = `--${kebab.slice(2).replaceAll("-", "_")}`;
    for (const args of [[kebab, text], [snake, text], [`${snake}=${text}`]])
      expect(options(args)).toEqual({ ...options([]), [name]: value });
  });

  it.each(flags.filter(([, { kind }]) => kind === "switch"))("reads the switch --%s", (name) => {
    expect(options([toFlag(name)])).toEqual({ ...options([]), [name]: true });
  });

  it.each([
    [["-c", "f.yaml"], { config: "f.yaml" }],
    [["-m", "ollama/x"], { model: "ollama/x" }],
    [["-v"], { version: true }],
    [["-h"], { help: true }],
  ])("reads %j", (args, expected) => {
    expect(options(args)).toMatchObject(expected);
  });

  it("takes the last of several", () => {
    expect(options(["--port", "1", "--port", "2"]).port).toBe(2);
  });

  it.each(flags.filter(([, { variable }]) => variable !== undefined))("reads the variable of %s", (name, flag) => {
    const [text, value] = flag.kind === "switch" ? ["True", true] : example(flag);
    const environment = { [flag.variable ?? ""]: text };
    expect(options([], environment)).toEqual({ ...options([]), [name]: value });
    // A variable that is set to nothing is not set.
    expect(options([], { [flag.variable ?? ""]: "" })).toEqual(options([]));
  });

  it("prefers a flag to its variable", () => {
    expect(options(["--port", "1"], { PORT: "2", HOST: "h" })).toMatchObject({ port: 1, host: "h" });
  });

  it.each(["1", "true", "True", "yes", "on"])("a switch is turned on by %s", (text) => {
    expect(options([], { DETAILED_DEBUG: text }).detailedDebug).toBe(true);
  });

  it.each(["0", "false", "False", "no", "off"])("a switch is left off by %s", (text) => {
    expect(options([], { DETAILED_DEBUG: text }).detailedDebug).toBe(false);
  });

  it.each(Object.entries(IGNORED_FLAGS))("accepts LiteLLM's --%s with a warning", (name, { kind, why }) => {
    const snake = toFlag(name).replaceAll("-", "_").replace("__", "--");
    const args = kind === "switch" ? [snake] : [snake, "1"];
    const { warnings, ...parsed } = parseCommandLine([...args, "--port", "1"]);
    expect(parsed.options).toEqual({ ...options([]), port: 1 });
    expect(warnings).toEqual([`${toFlag(name)} has no effect. ${why}`]);
  });

  it.each([
    [["--num_worker", "2"], "There is no flag --num-worker. Did you mean --num-workers?"],
    [["--prot", "1"], "There is no flag --prot. Did you mean --port?"],
    [["--run-gunikorn"], "There is no flag --run-gunikorn. Did you mean --run-gunicorn?"],
    [["--frobnicate"], "There is no flag --frobnicate."],
    [["-x"], "There is no flag -x."],
    [["config.yaml"], '"config.yaml" belongs to no flag. Did you mean --config config.yaml?'],
    [["--", "start"], '"start" belongs to no flag.'],
    [["--port"], "--port needs a value."],
    [["--config", "--port", "1"], "--config needs a value."],
    [["--debug=yes"], "--debug takes no value."],
    [["--port", "70000"], '--port must be a whole number from 0 to 65535, not "70000".'],
    [["--port=-1"], '--port must be a whole number from 0 to 65535, not "-1".'],
    [["--port", "4e"], '--port must be a whole number from 0 to 65535, not "4e".'],
    [["--port", ""], '--port must be a whole number from 0 to 65535, not "".'],
    [["--port", "1.5"], '--port must be a whole number from 0 to 65535, not "1.5".'],
    [["--num_workers", "0"], '--num-workers must be a whole number from 1 to 512, not "0".'],
    [["--temperature", "hot"], '--temperature must be a number of at least 0, not "hot".'],
  ])("names what is wrong with %j", (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(new Error(message));
  });

  it.each([
    [{ PORT: "many" }, 'PORT must be a whole number from 0 to 65535, not "many".'],
    [{ DETAILED_DEBUG: "perhaps" }, 'DETAILED_DEBUG must be true or false, not "perhaps".'],
  ])("names the variable that is wrong: %j", (environment, message) => {
    expect(() => parseCommandLine([], environment)).toThrow(new Error(message));
  });
});

describe("help", () => {
  it("names every flag and its variable", () => {
    const lines = help().split("\n");
    for (const [name, { short, variable, help: words }] of flags) {
      const line = lines.find((line) => line.includes(`${toFlag(name)} `) && line.includes(words));
      expect(line, name).toBeDefined();
      if (short !== undefined) expect(line).toContain(`-${short}, ${toFlag(name)}`);
      if (variable !== undefined) expect(line).toContain(`(${variable})`);
    }
    for (const name of Object.keys(IGNORED_FLAGS)) expect(help()).toContain(toFlag(name));
  });

  it("fits on a screen that is 120 wide", () => {
    for (const line of help().split("\n")) expect(line.length, line).toBeLessThanOrEqual(120);
  });
});

it("the README names every flag and its variable", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  for (const [name, { variable }] of flags) {
    expect(readme).toContain(`\`${toFlag(name)}\``);
    if (variable !== undefined) expect(readme).toContain(`\`${variable}\``);
  }
});
