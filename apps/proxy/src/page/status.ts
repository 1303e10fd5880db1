import type { DeploymentState } from "llamaduct";
import type { RecentSnapshot } from "../observe/create-recent.ts";

/** `GET /status.json`: all that the page shows, from memory. Times are milliseconds since 1970. */
export interface Status extends RecentSnapshot {
  readonly version: string;
  readonly startedAt: number;
  /** The proxy's clock, which all other times here are of. */
  readonly now: number;
  readonly deployments: readonly DeploymentState[];
}
