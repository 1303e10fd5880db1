import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../test/virtual-clock.ts";
import { createSlots, type SlotsOptions, type Ticket, type Turn } from "./slots.ts";

function slotsOf(options: Partial<SlotsOptions> = {}) {
  const clock = virtualClock();
  return { clock, slots: createSlots({ limit: 1, clock, serviceMs: () => 2000, ...options }) };
}
const ticket = (caller?: string): Ticket => ({ caller, served: false });

/** The order in which turns come, as each that comes is released. */
async function orderOf(turns: Readonly<Record<string, Turn>>, release: () => void): Promise<readonly string[]> {
  const order: string[] = [];
  for (const [name, { come }] of Object.entries(turns))
    come.then(() => {
      order.push(name);
      release();
    });
  release();
  await new Promise(setImmediate);
  return order;
}

describe("slots", () => {
  it("without a limit are always free", () => {
    const { slots } = slotsOf({ limit: undefined });
    for (let index = 0; index < 1000; index++) expect(slots.take(ticket())).toBe(true);
    expect(slots).toMatchObject({ active: 1000, waiting: 0 });
  });

  it("N6: a full queue refuses at once, and says when to come back", () => {
    const { slots } = slotsOf({ length: 1 });
    slots.take(ticket());
    slots.wait(ticket());
    expect(slots.hasRoom()).toBe(false);
    expect(() => slots.wait(ticket())).toThrow(
      expect.objectContaining({ code: "rate_limit_exceeded", retryAfterMs: 4000 }),
    );
    expect(slots).toMatchObject({ active: 1, waiting: 1 });
  });

  it("N6: who has waited too long is refused, and his place is free", async () => {
    const { slots, clock } = slotsOf({ deadlineMs: 500 });
    slots.take(ticket());
    const { come } = slots.wait(ticket());
    await clock.advance(499);
    expect(slots.waiting).toBe(1);
    await clock.advance(1);
    await expect(come).rejects.toMatchObject({ code: "rate_limit_exceeded" });
    expect(slots.waiting).toBe(0);
  });

  it("is fair between callers, then between a caller's requests", async () => {
    const { slots } = slotsOf({ length: 10 });
    slots.take(ticket());
    const [list, other, guest] = [ticket("a"), ticket("a"), ticket("b")];
    const turns = {
      list1: slots.wait(list),
      list2: slots.wait(list),
      list3: slots.wait(list),
      other: slots.wait(other),
      guest: slots.wait(guest),
    };
    const order = await orderOf(turns, () => slots.release());
    expect(order).toEqual(["list1", "guest", "other", "list2", "list3"]);
  });

  it("takes many streams of one request for one that waits, for as long as they need", async () => {
    const { slots, clock } = slotsOf({ length: 1, deadlineMs: 500 });
    const list = ticket();
    expect(slots.take(list)).toBe(true);
    const rest = Array.from({ length: 5 }, () => slots.wait(list));
    expect(slots.hasRoom()).toBe(true);
    await clock.advance(10_000);
    let served = 0;
    for (const { come } of rest) {
      slots.release();
      await come;
      served++;
    }
    expect(served).toBe(5);
  });

  it("M4: who leaves frees his place, or the slot that he was just given", async () => {
    const { slots } = slotsOf();
    slots.take(ticket());
    const [first, second] = [slots.wait(ticket()), slots.wait(ticket())];
    first.leave();
    expect(slots.waiting).toBe(1);
    slots.release();
    await second.come;
    expect(slots).toMatchObject({ active: 1, waiting: 0 });
    second.leave();
    expect(slots).toMatchObject({ active: 0, waiting: 0 });
  });

  it("never leaks, never exceeds its limit, and never lets one wait while a slot is free", () => {
    const action = fc.record({ kind: fc.constantFrom("ask", "end", "leave", "time"), who: fc.nat(5) });
    const run = async (limit: number, length: number, actions: readonly { kind: string; who: number }[]) => {
      const { slots, clock } = slotsOf({ limit, length, deadlineMs: 100 });
      const running: (() => void)[] = [];
      const waiting = new Set<Turn>();
      const ask = (who: number) => {
        const mine = ticket(String(who));
        if (slots.waiting === 0 && slots.take(mine)) return running.push(() => slots.release());
        if (!slots.hasRoom()) return;
        const turn = slots.wait(mine);
        waiting.add(turn);
        turn.come.then(
          () => waiting.delete(turn) && running.push(() => turn.leave()),
          () => waiting.delete(turn),
        );
      };
      for (const { kind, who } of actions) {
        if (kind === "ask") ask(who);
        else if (kind === "end") running.shift()?.();
        else if (kind === "time") await clock.advance(who * 30);
        else
          for (const turn of waiting) {
            waiting.delete(turn);
            turn.leave();
            break;
          }
        for (let tick = 0; tick < 5; tick++) await Promise.resolve();
        expect(slots.active).toBe(running.length);
        expect(slots.waiting).toBe(waiting.size);
        expect(slots.active).toBeLessThanOrEqual(limit);
        expect(slots.waiting).toBeLessThanOrEqual(length);
        if (slots.waiting > 0) expect(slots.active).toBe(limit);
      }
      for (const turn of waiting) turn.leave();
      while (running.length > 0) running.shift()?.();
      await new Promise(setImmediate);
      while (running.length > 0) running.shift()?.();
      expect(slots).toMatchObject({ active: 0, waiting: 0 });
    };
    return fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.nat(4), fc.array(action, { maxLength: 60 }), run),
    );
  });
});
