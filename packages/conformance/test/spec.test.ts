import { readFileSync } from "node:fs";
import { conformanceCases } from "@llamaduct/conformance";
import { expect, it } from "vitest";
import { chat } from "./targets.ts";

const page = readFileSync(new URL("../../../docs/spec.md", import.meta.url), "utf8");

/** The ids of numbered clauses, and whether the clause says that it has no case. */
const clauses = [...page.matchAll(/^\d+\. ((?:`[\w.-]+`(?:, )?)+)(.*)$/gm)].flatMap(([, ids = "", text = ""]) =>
  [...ids.matchAll(/`([\w.-]+)`/g)].map(([, id = ""]) => ({ id, hasCase: !/\*No case/.test(text) })),
);
const cases = new Set(conformanceCases(chat).map(({ id }) => id));

it("every clause has a case, or says why there is none", () => {
  expect(clauses.filter(({ id, hasCase }) => cases.has(id) !== hasCase)).toEqual([]);
});

it("every case has a clause", () => {
  expect([...cases].filter((id) => !clauses.some((clause) => clause.id === id))).toEqual([]);
  expect(new Set(clauses.map(({ id }) => id)).size).toBe(clauses.length);
});

it("every clause that core's own errors name is there", () => {
  const sources = ["guard", "registry", "own-error"].map((name) =>
    readFileSync(new URL(`../../core/src/${name}.ts`, import.meta.url), "utf8"),
  );
  const named = sources.join("").matchAll(/\(((?:stream|errors|provider)\.[\w-]+)\)/g);
  const ids = [...named].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id) => !clauses.some((clause) => clause.id === id))).toEqual([]);
});
