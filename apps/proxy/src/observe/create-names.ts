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
  const admit = (name: string) => {
    if (name !== "" && admitted.size < MAX_NAMES) admitted.add(name);
  };
  function find(name = ""): string {
    if (name === "" || admitted.has(name)) return name;
    if (!configured().includes(name)) return OTHER;
    // So that the next request does not go through all of the configuration again.
    admit(name);
    return name;
  }
  return {
    find,
    admit(name = "") {
      admit(name);
      return find(name);
    },
  };
}
