import { createHash } from "node:crypto";
import type { Deployment } from "./deployment.ts";

/** The same for the same deployment, in every process and after every restart. A digest, as it is built from keys too. */
export function deploymentId({ id: _, ...deployment }: Deployment): string {
  return createHash("sha256").update(stableJson(deployment)).digest("hex").slice(0, 16);
}

/** JSON that does not depend on the order of keys. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
