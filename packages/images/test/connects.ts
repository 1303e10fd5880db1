import { createHook } from "node:async_hooks";
import { onTestFinished } from "vitest";

/** Counts attempts to open a TCP connection in this process, until the test ends. */
export function countConnects(): () => number {
  let attempts = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === "TCPCONNECTWRAP") attempts++;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  return () => attempts;
}
