import { expect, it } from "vitest";
import { linkedAbort } from "./linked-abort.ts";

it("follows, with the reason itself, also when that was before", () => {
  const controller = new AbortController();
  const reason = { left: true };
  const before = linkedAbort(controller.signal);
  controller.abort(reason);
  expect([before.signal.reason, linkedAbort(controller.signal).signal.reason]).toEqual([reason, reason]);
  expect(before.signal.reason).toBe(reason);
});

it("aborts alone", () => {
  const controller = new AbortController();
  const abort = linkedAbort(controller.signal);
  abort.abort("over");
  expect([abort.signal.reason, controller.signal.aborted]).toEqual(["over", false]);
  expect(linkedAbort(undefined).signal.aborted).toBe(false);
});
