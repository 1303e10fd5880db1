import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { Config } from "./schema/config-schema.ts";
import { toMs, withoutUndefined } from "./to-routing.ts";

/** The limits of a file that changes any: by `llamaduct.limits`, or the one that LiteLLM has. */
export function toLimits({ llamaduct, general_settings: general }: Config): Limits | undefined {
  const said = llamaduct?.limits ?? {};
  const changes = withoutUndefined({
    jsonDepth: said.json_depth,
    jsonElements: said.json_elements,
    messages: said.messages,
    tools: said.tools,
    schemaDepth: said.schema_depth,
    schemaValues: said.schema_values,
    schemaCharacters: times(said.schema_kb, 1024),
    headers: said.headers,
    headerBytes: times(said.header_kb, 1024),
    headersMs: toMs(said.header_time),
    requestMs: toMs(said.request_time),
    idleMs: toMs(said.idle_time),
    stallMs: toMs(said.stall_time),
    connections: said.connections,
    responseBytes: times(general?.max_response_size_mb, 1024 * 1024),
  });
  // What was undefined is gone.
  return Object.keys(changes).length === 0 ? undefined : { ...DEFAULT_LIMITS, ...(changes as Partial<Limits>) };
}

export function times(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value * unit;
}
