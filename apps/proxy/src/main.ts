#!/usr/bin/env node
// Says in one line that Node is too old, before anything is loaded that would fail on it with a page of stack.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`llamaduct needs Node 22.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

const { run } = await import("./cli/run.ts");
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    // The second one does not wait for streams to end.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
process.exitCode = await run({
  arguments: process.argv.slice(2),
  environment: process.env,
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
  stop: stop.signal,
});
