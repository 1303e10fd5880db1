import { once } from "./once.ts";
import type { placeExtras } from "./place-extras.ts";

/** What places a request's extras, loaded by the first that has some. */
export const extrasPlacer: () => Promise<typeof placeExtras> = once(async () => {
  const { placeExtras } = await import("./place-extras.ts");
  return placeExtras;
});
