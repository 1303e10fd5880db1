// docs/reference/command-line.md, made from the tables that the parser reads.
import { FLAG_GROUPS, FLAGS, type Flag, IGNORED_FLAGS, toFlag } from "../../apps/proxy/src/cli/flags.ts";
import { help } from "../../apps/proxy/src/cli/help.ts";

/** The page as it should be. */
export function commandLineReference(): string {
  const groups = Object.entries(FLAG_GROUPS).map(([group, title]) => {
    const flags = Object.entries<Flag>(FLAGS).filter(([, flag]) => flag.group === group);
    return [`## ${title}`, "", "| flag | variable | |", "|---|---|---|", ...flags.map(toRow)].join("\n");
  });
  const environment =
    help()
      .split("\n\n")
      .find((part) => part.startsWith("Environment")) ?? "";
  const [heading = "", ...variables] = environment.split("\n");
  return `# Command line

<!-- Made by \`node tooling/docs/generated-pages.ts --write\` from apps/proxy/src/cli/flags.ts. -->

\`\`\`sh
llamaduct --config config.yaml            # LiteLLM's file
llamaduct --model ollama_chat/llama3.2    # one model, without a file
llamaduct                                 # every model of your Ollama
\`\`\`

\`llamaduct\` stands for \`npx @llamaduct/proxy\` where it is not installed. Flags are written \`--kebab-case\`, or \`--snake_case\` as
LiteLLM has them. A mistyped one is an error that names the nearest. A flag wins over its variable.

${groups.join("\n\n")}

## Environment

${heading.replace(/^Environment \((.*)\):$/, "These have no flag. What is not set is read from `.env` in the working directory$1.").replace("and .env", "")}

| variable | |
|---|---|
${variables.map(toVariable).join("\n")}

## LiteLLM's flags without effect

They are accepted, so that its command lines work, and each says so at the start.

| flag | why |
|---|---|
${ignoredRows().join("\n")}

## Exit codes

| code | |
|---|---|
| 0 | it was asked to stop |
| 1 | it cannot serve |
| 2 | a flag is wrong |
| 70 | an error that nobody caught: logged once, streams have 5 s to end |
| 130 | a second signal |
`;
}

function toRow([name, { short, value, variable, help: text }]: [string, Flag]): string {
  const flag = `\`${toFlag(name)}${value === undefined ? "" : ` ${value}`}\``;
  return `| ${flag}${short === undefined ? "" : `, \`-${short}\``} | ${variable === undefined ? "" : `\`${variable}\``} | ${text} |`;
}

function toVariable(line: string): string {
  const [, names = "", text = ""] = /^ *(\S+(?:, \S+)*) {2,}(.*)$/.exec(line) ?? [];
  return `| ${names
    .split(", ")
    .map((name) => `\`${name}\``)
    .join(", ")} | ${text} |`;
}

function ignoredRows(): readonly string[] {
  const reasons = Map.groupBy(Object.entries(IGNORED_FLAGS), ([, { why }]) => why);
  return [...reasons].map(([why, flags]) => `| ${flags.map(([name]) => `\`${toFlag(name)}\``).join(", ")} | ${why} |`);
}
