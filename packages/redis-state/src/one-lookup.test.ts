import dns, { type LookupAddress } from "node:dns";
import { afterEach, expect, it, vi } from "vitest";
import { oneLookup } from "./one-lookup.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("asks for the name once, however often the connection is tried, and again when that was answered", () => {
  const answers: ((error: null, addresses: LookupAddress[]) => void)[] = [];
  vi.spyOn(dns, "lookup").mockImplementation(((_: string, __: object, answer: never) => answers.push(answer)) as never);
  const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
  const lookup = oneLookup();

  lookup("redis.test", { all: true }, first);
  lookup("redis.test", { all: true }, second);
  expect(answers).toHaveLength(1);
  const addresses = [{ address: "192.0.2.1", family: 4 }];
  answers[0]?.(null, addresses);
  expect(first).toHaveBeenCalledExactlyOnceWith(null, addresses);
  expect(second).toHaveBeenCalledExactlyOnceWith(null, addresses);

  lookup("redis.test", { all: true }, third);
  expect(answers).toHaveLength(2);
});
