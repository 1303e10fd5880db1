import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse, type Report } from "scslre";
import ts from "typescript";
import { expect, it } from "vitest";
import { textLine } from "../packages/ollama-host/src/read-text-lines.ts";
import { root } from "./workspace.ts";

interface Literal {
  /** `packages/http/src/latin1.ts:12`. */
  readonly at: string;
  readonly source: string;
  readonly flags: string;
}

const files = globSync("{packages,apps}/*/src/**/*.{ts,tsx}", { cwd: root }).filter(
  (file) => !/\.test(-d)?\.tsx?$/.test(file),
);
const literals = files.flatMap(literalsIn);

it("T15: no regular expression in a source takes more than linear time, whatever text it is given", () => {
  expect(literals.length).toBeGreaterThan(80);
  const slow = literals.flatMap(({ at, source, flags }) =>
    causes(source, flags).map((cause) => `${at} /${source}/${flags}: ${cause}`),
  );
  expect(slow).toEqual([]);
});

it("the check finds what it is for", () => {
  for (const source of ["(a+)+$", "^\\s*(.*?)\\s*$", "a*a*b", "\\d+$"]) expect(causes(source, "")).not.toEqual([]);
});

/** Whose text it is that an expression is made from. What a client says is never run, only compiled. */
const MADE: Readonly<Record<string, string>> = {
  "apps/proxy/src/config/check-groups.ts": "the config's wildcards, run on its own names",
  "apps/proxy/src/config/schema/model-list-schema.ts": "the config's, only compiled",
  "packages/llamaduct/src/connection.ts": "the config's rules of allowed addresses",
  "packages/ollama-host/src/read-text-lines.ts": "our own, which the next test looks at",
  "packages/router/src/record.ts": "the config's patterns of tags",
  "packages/structured-output/src/is-engine-pattern.ts":
    "our own, run on at most 256 characters; a schema's is only compiled",
};

it("T15: where an expression is made from a text, somebody has thought about whose it is", () => {
  const makers = files.filter((file) => /\bRegExp\(/.test(readFileSync(join(root, file), "utf8")));
  expect(makers.sort()).toEqual(Object.keys(MADE).sort());
});

it("T15: what is made of our own texts is as fast", () => {
  const { source, flags } = textLine("x", "y");
  expect(causes(source, flags)).toEqual([]);
});

function causes(source: string, flags: string): readonly string[] {
  return analyse({ source, flags }).reports.map(
    (report: Report) =>
      `${report.exponential ? "exponential" : "polynomial"} (${report.type}) for many ${report.character.literal.source}`,
  );
}

function literalsIn(file: string): readonly Literal[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  const found: Literal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ at: `${file}:${line + 1}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
