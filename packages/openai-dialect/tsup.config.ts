import { build } from "../../tooling/tsup.ts";

export default build(["src/index.ts", "src/chat.ts"]);
