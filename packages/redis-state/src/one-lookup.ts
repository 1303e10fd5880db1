import type { LookupFunction } from "node:net";

type Callback = Parameters<LookupFunction>[2];

/**
 * The system's name lookup for connections to one server, one at a time. Node looks up two names at a time in the whole
 * process, and none can be cancelled: reconnecting would hold up every other name, and the end of the process.
 */
export function oneLookup(): LookupFunction {
  const { lookup } = process.getBuiltinModule("node:dns");
  const waiting: Callback[] = [];
  return (hostname, options, callback) => {
    if (waiting.push(callback) > 1) return;
    lookup(hostname, options, (...answer) => {
      for (const give of waiting.splice(0)) give(...answer);
    });
  };
}
