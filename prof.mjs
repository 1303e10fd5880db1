import { readdirSync, readFileSync } from "node:fs";

const dir = process.argv[2];
const f = readdirSync(dir)
  .filter((x) => x.endsWith(".cpuprofile"))
  .map((x) => dir + "/" + x);
for (const file of f) {
  const p = JSON.parse(readFileSync(file));
  const self = new Map();
  let idle = 0,
    total = 0;
  const byId = new Map(p.nodes.map((n) => [n.id, n]));
  p.samples.forEach((id, i) => {
    const n = byId.get(id);
    const dt = p.timeDeltas[i];
    const { functionName: fn, url, lineNumber } = n.callFrame;
    if (fn === "(idle)" || (fn === "(program)" && 0)) {
      idle += dt;
      return;
    }
    total += dt;
    const u = url.replace(/^.*node_modules\//, "").replace(/^.*\/work\/main\//, "");
    const k = fn + " " + u + ":" + lineNumber;
    self.set(k, (self.get(k) ?? 0) + dt);
  });
  const groups = new Map();
  for (const [k, v] of self) {
    const u = k.split(" ").pop();
    const g = /^undici|\.pnpm\/undici|undici@/.test(u)
      ? "undici"
      : u.startsWith("node:")
        ? "node"
        : /fastify|find-my-way|avvio|light-my/.test(u)
          ? "fastify"
          : /pino|sonic|thread-stream/.test(u)
            ? "pino"
            : /packages\/|apps\//.test(u)
              ? u.split(":")[0].replace(/\/dist.*/, "")
              : /^:/.test(u)
                ? k.split(" ")[0]
                : u.split("/")[0];
    groups.set(g, (groups.get(g) ?? 0) + v);
  }
  console.log(file, "total ms", Math.round(total / 1000));
  for (const [g, v] of [...groups].sort((a, b) => b[1] - a[1]).slice(0, 25))
    console.log(((100 * v) / total).toFixed(1).padStart(6) + "%", g);
  console.log("---");
  for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, Number(process.argv[3] ?? 60)))
    console.log(((100 * v) / total).toFixed(1).padStart(6) + "%", k);
}
