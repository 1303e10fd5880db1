import { expect, it } from "vitest";
import { seeded } from "./seeded.ts";

it("I10: choices of one request have seeds of their own, and nothing else changes", () => {
  const request = { prompt: "p", settings: { seed: 7, temperature: 0.5 } };
  expect([0, 1, 2].map((index) => seeded(request, index))).toEqual([
    request,
    { prompt: "p", settings: { seed: 8, temperature: 0.5 } },
    { prompt: "p", settings: { seed: 9, temperature: 0.5 } },
  ]);
  expect(request.settings.seed).toBe(7);
});

it.each([{}, { settings: { temperature: 1 } }])("I3: no seed is invented for %j", (request) => {
  expect(seeded(request, 2)).toBe(request);
});
