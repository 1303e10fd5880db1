// Code in pages: TypeScript is compiled, and run where it says `ts run`; curl runs; flags, config files, JSON, Python and
// TOML are parsed by whoever reads them. `no-run: REASON` behind the language leaves a block out.

import { checkCommands } from "./check-commands.ts";
import { checkConfigs, checkJson, checkWithPython } from "./check-data.ts";
import { checkTypeScript } from "./check-typescript.ts";
import type { Block } from "./read-blocks.ts";
import { startStage } from "./stage.ts";

type Check = (blocks: readonly Block[]) => Promise<readonly string[]>;

/** A finding for each block that does not do what its page says. */
export async function checkBlocks(all: readonly Block[]): Promise<readonly string[]> {
  const left = all.filter(({ note }) => note.startsWith("no-run"));
  const blocks = all.filter((block) => !left.includes(block));
  const unexplained = left.filter(({ note }) => !/^no-run: \S/.test(note));
  await using stage = await startStage();
  const checks: Readonly<Record<string, Check>> = {
    ts: (some) => checkTypeScript(some, stage),
    sh: (some) => checkCommands(some, stage),
    yaml: checkConfigs,
    json: checkJson,
    python: checkWithPython,
    toml: checkWithPython,
  };
  const findings = await Promise.all(
    Object.entries(checks).map(([language, check]) => check(blocks.filter((block) => block.language === language))),
  );
  const strange = blocks.filter(({ language }) => !Object.hasOwn(checks, language));
  console.log(`docs: ${blocks.length} blocks checked, ${left.length} left out with a reason`);
  return [
    ...unexplained.map(({ source }) => `${source}: say why, as in "no-run: needs Docker"`),
    ...strange.map(({ source, language }) => `${source}: nothing checks "${language}"`),
    ...findings.flat(),
  ];
}
