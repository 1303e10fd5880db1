import dns, { type LookupAddress } from "node:dns";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { rememberingLookup } from "./remembering-lookup.ts";

type Answer = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;

const ONE = [{ address: "192.0.2.1", family: 4 }];
const OTHER = [{ address: "192.0.2.2", family: 4 }];

/** Of the system's lookups, in order: nothing answers them but the test. */
let pending: Answer[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  pending = [];
  const lookup = (_hostname: string, _options: object, answer: Answer) => pending.push(answer);
  vi.spyOn(dns, "lookup").mockImplementation(lookup as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function asking() {
  const lookup = rememberingLookup();
  return (hostname: string) =>
    new Promise((resolve, reject) => {
      lookup(hostname, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
    });
}

it("asks once for a name that several connections wait for", async () => {
  const ask = asking();
  const both = [ask("a.test"), ask("a.test"), ask("b.test")];
  expect(pending).toHaveLength(2);
  pending[0]?.(null, ONE);
  pending[1]?.(null, OTHER);
  expect(await Promise.all(both)).toEqual([ONE, ONE, OTHER]);
});

it("takes the earlier address when the name server is silent, and the new one when it came late", async () => {
  const ask = asking();
  const first = ask("a.test");
  pending[0]?.(null, ONE);
  await first;

  const second = ask("a.test");
  await vi.advanceTimersByTimeAsync(500);
  expect(await second).toEqual(ONE);

  const third = ask("a.test");
  expect(pending).toHaveLength(2);
  pending[1]?.(null, OTHER);
  expect(await third).toEqual(OTHER);
});

it("knows a hundred names, and looks one of them up without forgetting the others", async () => {
  const ask = asking();
  const known = Array.from({ length: 100 }, (_, index) => ask(`${index}.test`));
  for (const answer of pending) answer(null, ONE);
  await Promise.all(known);
  const again = ask("0.test");
  pending.at(-1)?.(null, OTHER);
  await again;

  const other = ask("1.test");
  await vi.advanceTimersByTimeAsync(500);
  expect(await other).toEqual(ONE);
});

it("says that a name is gone, and asks again", async () => {
  const ask = asking();
  const first = ask("a.test");
  pending[0]?.(null, ONE);
  await first;
  const second = ask("a.test");
  pending[1]?.(Object.assign(new Error("gone"), { code: "ENOTFOUND" }), []);
  await expect(second).rejects.toMatchObject({ code: "ENOTFOUND" });
  expect(vi.getTimerCount()).toBe(0);
  void ask("a.test");
  expect(pending).toHaveLength(3);
});

it("gives one address to who wants one", async () => {
  const lookup = rememberingLookup();
  const given = new Promise((resolve) => lookup("a.test", {}, (...answer) => resolve(answer)));
  pending[0]?.(null, ONE);
  expect(await given).toEqual([null, "192.0.2.1", 4]);
});
