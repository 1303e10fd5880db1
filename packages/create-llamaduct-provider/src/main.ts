#!/usr/bin/env node
import { generate } from "./generate.ts";

const USAGE = `npm create llamaduct-provider <name>

Makes the folder llamaduct-provider-<name>: a package with the provider "<name>", which chats with a server that
speaks OpenAI's API, and passes the conformance kit. Change it to speak to yours.
`;

const [name, ...rest] = process.argv.slice(2);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 19)) {
  fail(`create-llamaduct-provider needs Node 22.19 or newer; this is ${process.versions.node}.\n`);
} else if (name === "--help" || name === "-h") {
  process.stdout.write(USAGE);
} else if (name === undefined || rest.length > 0) {
  fail(USAGE);
} else {
  try {
    const { folder } = generate(name, process.cwd());
    process.stdout.write(`Made ${folder}. Next:\n\n  cd ${folder}\n  npm install\n  npm test\n`);
  } catch (error) {
    fail(error instanceof Error ? `${error.message}\n` : String(error));
  }
}

function fail(message: string): void {
  process.stderr.write(message);
  process.exitCode = 1;
}
