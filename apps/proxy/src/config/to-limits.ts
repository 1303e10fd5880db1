import type { LimitChanges } from "./limits.ts";
import type { Config } from "./schema/config-schema.ts";
import { withoutUndefined } from "./to-routing.ts";

/** The limits that a file changes: `llamaduct.limits`, and the one that LiteLLM has. */
export function toLimits({ llamaduct, general_settings: general }: Config): LimitChanges | undefined {
  const said = llamaduct?.limits ?? {};
  const changes = withoutUndefined({
    jsonDepth: said.json_depth,
    jsonElements: said.json_elements,
    messages: said.messages,
    tools: said.tools,
    headers: said.headers,
    headerBytes: times(said.header_kb, 1024),
    headersMs: times(said.header_time, 1000),
    requestMs: times(said.request_time, 1000),
    idleMs: times(said.idle_time, 1000),
    stallMs: times(said.stall_time, 1000),
    connections: said.connections,
    responseBytes: times(general?.max_response_size_mb, 1024 * 1024),
  });
  // What was undefined is gone.
  return Object.keys(changes).length === 0 ? undefined : (changes as LimitChanges);
}

function times(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value * unit;
}
