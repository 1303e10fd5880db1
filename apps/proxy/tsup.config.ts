import { cp } from "node:fs/promises";
import { build } from "../../tooling/tsup.ts";

export default {
  ...build("src/main.ts"),
  dts: false,
  // What the dashboard's own build has left: turbo.json says that it comes first.
  onSuccess: () => cp("../dashboard/dist", "dist/page", { recursive: true }),
};
