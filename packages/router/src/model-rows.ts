import type { ModelView } from "./host.ts";

/** What is known of one model on each host, by the host's index; filled as it is asked for. */
export type ModelRow = (ModelView | undefined)[];

const MAX_ROWS = 10_000;

/** Finds a model on a hundred hosts with one look-up, not a hundred. */
export function createModelRows(): (modelId: string) => ModelRow {
  const rows = new Map<string, ModelRow>();
  return (modelId) => {
    const known = rows.get(modelId);
    if (known !== undefined) return known;
    // Names come from callers.
    if (rows.size >= MAX_ROWS) rows.clear();
    const row: ModelRow = [];
    rows.set(modelId, row);
    return row;
  };
}
