// Imports the files that it is given, one after the other, and tells which of them fail. What they print is nobody's business.
import { pathToFileURL } from "node:url";

const say = process.stderr.write.bind(process.stderr);
process.stdout.write = () => true;
process.stderr.write = () => true;
for (const file of process.argv.slice(2)) {
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    process.exitCode = 1;
    say(`${file}: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}
// Connections that a block keeps open are no reason to wait.
process.exit();
