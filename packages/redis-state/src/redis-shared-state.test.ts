import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createRedisSharedState } from "./redis-shared-state.ts";

beforeEach(() => {
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

/** Processes that hear each other, and all that is said. */
function processes(count: number) {
  const said: string[] = [];
  const all = Array.from({ length: count }, () =>
    createRedisSharedState({
      publish(news) {
        said.push(news);
        for (const each of all) each.receive(news);
      },
    }),
  );
  onTestFinished(() => {
    for (const each of all) each.close();
  });
  const [a, b, c] = all;
  if (a === undefined || b === undefined) throw new Error("Two at least.");
  return { a, b, c: c ?? b, said };
}

it("tells changes of a short time together, and in full", () => {
  const { a, b, said } = processes(2);
  for (let count = 1; count <= 50; count++) a.setBusy("d", count);
  a.setBusy("e", 1);
  a.cool("e", 5_000);
  vi.advanceTimersByTime(100);
  expect(said).toHaveLength(1);
  expect([b.busyElsewhere("d"), b.busyElsewhere("e"), b.cooledMs("e")]).toEqual([50, 1, 4_900]);
});

it("adds what the others say", () => {
  const { a, b, c } = processes(3);
  a.setBusy("d", 2);
  c.setBusy("d", 3);
  vi.advanceTimersByTime(100);
  expect([a, b, c].map((each) => each.busyElsewhere("d"))).toEqual([3, 5, 2]);
});

it("tells one that comes later, and forgets one that is silent", () => {
  const { a, b } = processes(2);
  a.setBusy("d", 1);
  vi.advanceTimersByTime(60_000);
  const news: string[] = [];
  const late = createRedisSharedState({ publish: () => {} });
  onTestFinished(() => late.close());
  const listening = createRedisSharedState({ publish: (each) => news.push(each) });
  onTestFinished(() => listening.close());
  expect(b.busyElsewhere("d")).toBe(1);
  listening.setBusy("d", 4);
  vi.advanceTimersByTime(2_000);
  for (const each of news) late.receive(each);
  expect(late.busyElsewhere("d")).toBe(4);
  vi.advanceTimersByTime(4_000);
  expect(late.busyElsewhere("d")).toBe(4);
  vi.advanceTimersByTime(4_000);
  expect(late.busyElsewhere("d")).toBe(0);
});

it("a cooldown ends when it was said to, however often it is repeated, and the longest holds", () => {
  const { a, b, c } = processes(3);
  a.cool("d", 9_000);
  c.cool("d", 3_000);
  vi.advanceTimersByTime(5_000);
  expect(b.cooledMs("d")).toBe(4_000);
  vi.advanceTimersByTime(4_000);
  expect(b.cooledMs("d")).toBe(0);
});

it("has nothing to do with what others publish on its channel", () => {
  const { a } = processes(2);
  const bad = ["", "no", "null", "7", "{}", '{"from":1}', '{"from":"x","busy":{"d":"7"},"cooled":{}}'];
  for (const each of [...bad, '{"from":"x","busy":{"d":7}}', '{"from":"x","busy":{"d":7},"cooled":[null]}'])
    a.receive(each);
  expect(a.busyElsewhere("d")).toBe(0);
});
