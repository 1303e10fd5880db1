import type { Limits } from "../../config/limits.ts";
import { HttpError } from "../answer/http-error.ts";

/** Whether the lists of a request are as short as they must be; every layer would go over all of each. */
export function checkCounts(body: unknown, limits: Pick<Limits, "messages" | "tools">): void {
  if (typeof body !== "object" || body === null) return;
  for (const param of ["messages", "tools"] as const) {
    const { [param]: list } = body as Readonly<Record<typeof param, unknown>>;
    if (!Array.isArray(list) || list.length <= limits[param]) continue;
    const message = `${param} has ${list.length} items; at most ${limits[param]} are taken.`;
    throw new HttpError("invalid_value", message, { param });
  }
}
