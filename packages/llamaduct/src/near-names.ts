import { ProviderError } from "@llamaduct/core";
import { distance } from "fastest-levenshtein";
import type { Directory } from "./create-directory.ts";

type Names = Pick<Directory, "deployments" | "otherNames">;

/** An unknown model's error with the names that it may have been meant for: no wildcards, nothing hidden. */
export function withNearNames(
  error: ProviderError,
  requested: string,
  { deployments, otherNames }: Names,
): ProviderError {
  const names = new Set([...deployments.map(({ name }) => name).filter((name) => !name.includes("*")), ...otherNames]);
  const near = nearNames(requested, [...names]);
  if (near.length === 0) return error;
  const { code, setting } = error;
  const message = `${error.message} Did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  return new ProviderError({ code, message, setting });
}

const MAX_NEAR_NAMES = 3;

function nearNames(requested: string, names: readonly string[]): readonly string[] {
  const wanted = requested.toLowerCase().slice(0, 100);
  return names
    .map((name) => ({ name, apart: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, apart }) => apart <= Math.max(2, name.length / 3) || name.toLowerCase().includes(wanted))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, MAX_NEAR_NAMES)
    .map(({ name }) => name);
}
