import { build } from "../../tooling/tsup.ts";

export default { ...build("src/main.ts"), dts: false };
