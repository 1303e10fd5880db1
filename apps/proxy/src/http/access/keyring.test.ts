import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createKeyring, wantsKey } from "./keyring.ts";

const sha256 = (key: string) => createHash("sha256").update(key).digest("hex");

it("knows its keys by their digests, in any case", () => {
  const key = { name: "team", sha256: sha256("sk-a").toUpperCase() };
  const keyring = createKeyring({ masterKey: "sk-m", keys: [key] });
  expect(keyring.find("sk-a")).toEqual({ name: "team", key });
  expect(keyring.find("sk-m")).toEqual({ name: "master" });
});

it("T5: knows no other text, nor a digest in place of its key", () => {
  const keyring = createKeyring({ masterKey: "sk-m", keys: [{ name: "a", sha256: sha256("sk-a") }] });
  expect(keyring.find(sha256("sk-a"))).toBeUndefined();
  for (const name of ["", "constructor", "__proto__", "sk-", "sk-a ", "SK-A"])
    expect(keyring.find(name)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => text === "sk-a" || text === "sk-m" || keyring.find(text) === undefined));
});

it("a key is wanted where there is any", () => {
  expect([{}, { keys: [] }].map(wantsKey)).toEqual([false, false]);
  expect([{ masterKey: "sk-m" }, { keys: [{ name: "a", sha256: sha256("sk-a") }] }].map(wantsKey)).toEqual([
    true,
    true,
  ]);
});

it("a key of the master key's text does not limit it", () => {
  expect(
    createKeyring({ masterKey: "sk-m", keys: [{ name: "a", sha256: sha256("sk-m"), rpm: 1 }] }).find("sk-m"),
  ).toEqual({
    name: "master",
  });
});
