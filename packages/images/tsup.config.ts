import { build } from "../../tooling/tsup.ts";

// The worker is a file of its own: a thread starts from it.
export default { ...build("src/index.ts"), entry: ["src/index.ts", "src/svg-worker.ts"] };
