import { writeFileSync } from "node:fs";
import { toJsonSchema } from "../src/config/to-json-schema.ts";

writeFileSync(new URL("../config.schema.json", import.meta.url), `${JSON.stringify(toJsonSchema(), null, 2)}\n`);
