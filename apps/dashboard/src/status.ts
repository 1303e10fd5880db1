// What the proxy says is what the page reads: one definition, the proxy's.
export type { RecentError, Traffic } from "../../proxy/src/observe/create-recent.ts";
export type { Status } from "../../proxy/src/page/status.ts";
