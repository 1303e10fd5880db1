import { styleText } from "node:util";

/** Ways to print a text; all of them leave it as it is where colours are not wanted. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly warn: (text: string) => string;
}

export function colours(wanted: boolean): Colours {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    wanted ? styleText(format, text, { validateStream: false }) : text;
  return { bold: style("bold"), dim: style("dim"), warn: style("yellow") };
}

/** NO_COLOR (no-color.org) wins, then FORCE_COLOR; else a terminal gets them. */
export function wantsColours(
  { NO_COLOR, FORCE_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal && TERM !== "dumb";
}
