/** Names that may be labels. */
export interface Names {
  /** The name, if it is known; else `other`. Nothing is empty. */
  find(name: string | undefined): string;
  /** The same, and what is asked for is known from now on: a model that answered exists. */
  admit(name: string | undefined): string;
}

const OTHER = "other";

/** Wildcards let through what clients make up, and hosts may hold any number of models: neither may fill a database. */
const MAX_NAMES = 1_000;

/** Those of the configuration, and up to a thousand that were admitted. */
export function createNames(configured: () => readonly string[]): Names {
  const admitted = new Set<string>();
  const find = (name = "") => (name === "" || admitted.has(name) || configured().includes(name) ? name : OTHER);
  return {
    find,
    admit(name = "") {
      if (name !== "" && admitted.size < MAX_NAMES) admitted.add(name);
      return find(name);
    },
  };
}
