import { distance } from "fastest-levenshtein";

/** The path that was probably meant: of those without parameters, the nearest, if it is near. */
export function nearPath(path: string, known: readonly string[]): string | undefined {
  const wanted = path.slice(0, 100).toLowerCase();
  const [nearest] = known
    .filter((candidate) => !/[:*]/.test(candidate))
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  return nearest !== undefined && nearest.edits <= nearest.candidate.length / 4 ? nearest.candidate : undefined;
}
