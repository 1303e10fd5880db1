/** Where every member of a JSON value is. */
export function* pathsOf(value: unknown, path: readonly string[] = []): Generator<string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [...path, key];
    yield* pathsOf(inner, [...path, key]);
  }
}

/** A copy that lacks one member. */
export function without(value: unknown, [key = "", ...rest]: readonly string[]): object {
  const copy: Record<string, unknown> = { ...(value as object) };
  if (rest.length === 0) delete copy[key];
  else copy[key] = Array.isArray(copy[key]) ? Object.values(without(copy[key], rest)) : without(copy[key], rest);
  return copy;
}
