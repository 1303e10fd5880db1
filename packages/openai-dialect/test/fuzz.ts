import { ProviderError } from "@llamaduct/core";
import { expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";

type Path = readonly (string | number)[];

/** One test per place in a valid body: whatever JSON stands there, it is decoded to JSON or refused by name. */
export function fuzz(decode: (body: unknown) => { readonly request: object }, valid: object): void {
  const paths = pathsOf(valid);
  it.each(paths.map((path) => [path.join("."), path] as const))(
    "any JSON at %s is decoded or refused by name",
    (_, path) => {
      const pick = seededRandom(path.join(".").length + paths.indexOf(path) * 97);
      for (let round = 0; round < 60; round += 1) {
        const body = replaced(valid, path, randomJson(pick));
        try {
          const { request } = decode(body);
          expect(JSON.parse(JSON.stringify(request))).toEqual(request);
        } catch (error) {
          expect(error).toBeInstanceOf(ProviderError);
          expect(error).toMatchObject({
            code: expect.stringMatching(/^(invalid_value|unsupported)$/),
            setting: expect.any(String),
          });
        }
      }
    },
  );
}

export function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, member]) => [name, name === key ? replaced(member, rest, by) : member]),
  );
}

const WORDS = [
  "",
  "text",
  "function",
  "tool",
  "user",
  "file",
  "auto",
  "base64",
  "a[*].b[0]",
  "__proto__",
  "https://x",
  "data:image/png;base64,iVBORw0KGgo=",
  "\ud800",
  "x".repeat(999),
  ".x".repeat(999),
];

function randomJson(pick: (below: number) => number, depth = 3): unknown {
  switch (pick(depth === 0 ? 6 : 9)) {
    case 0:
      return null;
    case 1:
      return pick(2) === 0;
    case 2:
      return pick(9) - 4;
    case 3:
      return [0.5, 1e300, -1e300, 2 ** 53][pick(4)];
    case 4:
    case 5:
      return WORDS[pick(WORDS.length)];
    case 6:
      return Array.from({ length: pick(4) }, () => randomJson(pick, depth - 1));
    case 7: {
      const type = WORDS[pick(WORDS.length)];
      return { type, role: type, text: randomJson(pick, 0), [type ?? ""]: randomJson(pick, depth - 1) };
    }
    default:
      return DEEP;
  }
}

const DEEP: unknown = JSON.parse(`${'{"a":['.repeat(50_000)}${"]}".repeat(50_000)}`);
