import type { LookupAddress, LookupOptions } from "node:dns";
import type { LookupFunction } from "node:net";

/** Longer than any name server that is well needs; most of the time that a connection has is left. */
const PATIENCE_MS = 500;
const MAX_NAMES = 100;

/**
 * The system's name lookup, asked once at a time for each name, and not waited for when an earlier answer is known. Node
 * looks up two names at a time in the whole process, and none can be cancelled: a name whose server does not answer would
 * stand in the way of all the others.
 */
export function rememberingLookup(): LookupFunction {
  const { lookup } = process.getBuiltinModule("node:dns");
  const asked = new Map<string, Promise<LookupAddress[]>>();
  const known = new Map<string, LookupAddress[]>();

  function ask(hostname: string, options: LookupOptions): Promise<LookupAddress[]> {
    const before = asked.get(hostname);
    if (before !== undefined) return before;
    const answer = new Promise<LookupAddress[]>((resolve, reject) => {
      lookup(hostname, { ...options, all: true }, (error, addresses) =>
        error === null ? resolve(addresses) : reject(error),
      );
    });
    asked.set(hostname, answer);
    const forget = () => asked.delete(hostname);
    answer.then((addresses) => {
      forget();
      if (known.size >= MAX_NAMES && !known.has(hostname)) known.clear();
      known.set(hostname, addresses);
    }, forget);
    return answer;
  }

  return (hostname, options, callback) => {
    const give = (addresses: LookupAddress[]) => {
      const [first] = addresses;
      if (options.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    const answer = ask(hostname, options);
    const earlier = known.get(hostname);
    if (earlier === undefined) {
      answer.then(give, (error) => callback(error, []));
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<LookupAddress[]>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, earlier);
    });
    Promise.race([answer, late])
      .finally(() => clearTimeout(timer))
      .then(give, (error) => callback(error, []));
  };
}
