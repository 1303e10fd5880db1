import { vi } from "vitest";

/** Checks again until it holds; `expect.poll` for tests that run side by side. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000, interval: 5 });
}
