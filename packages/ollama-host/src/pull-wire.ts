import { z } from "zod";
import type { PullProgress } from "./life-cycle.ts";

/** One line of `POST /api/pull`. Bytes are left out while zero. */
export interface PullEvent {
  readonly status: string;
  readonly digest?: string | undefined;
  readonly total?: number | undefined;
  readonly completed?: number | undefined;
}

const pullEvent: z.ZodType<PullEvent> = z.object({
  status: z.string(),
  digest: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
});

/** The event, or `undefined` when it has another shape. */
export function parsePullEvent(value: unknown): PullEvent | undefined {
  return pullEvent.safeParse(value).data;
}

/** A layer's progress in bytes; one that has begun has 0 of its total. */
export function toPullProgress({ status, digest, total, completed }: PullEvent): PullProgress {
  if (digest === undefined) return { status };
  return { status, digest, totalBytes: total, completedBytes: completed ?? (total === undefined ? undefined : 0) };
}
