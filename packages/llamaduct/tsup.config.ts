import { build } from "../../tooling/tsup.ts";

const library = build("src/index.ts");

/** The command has no declarations: nobody imports it. */
export default { ...library, entry: ["src/index.ts", "src/main.ts"], dts: { ...library.dts, entry: "src/index.ts" } };
