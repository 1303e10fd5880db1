#!/usr/bin/env node
// Says in one line that Node is too old, before anything is loaded that would fail on it with a page of stack.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`llamaduct needs Node 22.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

const { watchProcess } = await import("./serve/watch-process.ts");
const events = watchProcess(process);
const { run } = await import("./cli/run.ts");
process.exitCode = await run({
  arguments: process.argv.slice(2),
  environment: process.env,
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: process.stderr.isTTY === true,
  ...events,
}).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  return 70;
});
// What is left would keep it alive: a worker's line to its first process, whatever an error has left behind.
if (process.connected || process.exitCode === 70) process.exit();
