import { describe, expect, it } from "vitest";
import { isEnginePattern } from "./is-engine-pattern.ts";

describe("G6: a pattern", () => {
  it.each([
    "^$",
    "^[A-Z]{3}-[0-9]{1,5}$",
    "^#[0-9a-fA-F]{6}$",
    "^[a-f0-9]{8}-[a-f0-9]{4}$",
    "^(foo|bar)?[.][a-z]+$",
    "^v[0-9]+\\.[0-9]+$",
    "^[a-zA-Z0-9_.-]{1,64}$",
  ])("of the few that engines know may be sent: %s", (pattern) => {
    expect(isEnginePattern(pattern)).toBe(true);
  });

  it.each([
    ["no anchors", "[a-z]+"],
    ["no end", "^a"],
    ["a look ahead", "^(?!a)b$"],
    ["a group without a number", "^(?:a|b)$"],
    ["a class by name", "^\\d{3}$"],
    ["a class by name in a class", "^[\\w.]+$"],
    ["a property of characters", "^\\p{L}$"],
    ["a back reference", "^(a)\\1$"],
    ["any character", "^.*$"],
    ["any character but", "^[^@]+$"],
    ["a range over a quote", "^[ -~]$"],
    ["a quote", '^"$'],
    ["a backslash", "^\\\\$"],
    ["an escaped character, repeated", "^a\\.{2}$"],
    ["a character of several bytes", "^é{2}$"],
    ["a group, repeated", "^(a|)*$"],
    ["an empty group", "^()$"],
    ["an anchor inside", "^a$|^b$"],
    ["a closing bracket", "^]$"],
    ["a brace", "^{2}$"],
    ["a lazy quantifier", "^a+?$"],
    ["nothing to repeat", "^(*a)$"],
    ["a range the wrong way", "^[z-a]$"],
    ["an open group", "^(a$"],
    ["more than some 2000 of something", "^a{9999}$"],
    ["too much of everything", `^${"a".repeat(300)}$`],
    ["a control character", "^\n$"],
  ])("that engines get wrong is kept back: %s", (_, pattern) => {
    expect(isEnginePattern(pattern)).toBe(false);
  });

  it("is looked at in linear time", () => {
    const startedAt = performance.now();
    for (const piece of ["(", "a{9", "[a-", "\\.", "((a|", "a*"]) isEnginePattern(`^${piece.repeat(100_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });
});
