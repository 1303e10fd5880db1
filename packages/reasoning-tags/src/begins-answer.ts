/** Whether the inside of a JSON string has a character that is no space in any spelling; most have one. */
export function beginsAnswer(literal: string): boolean {
  return /^ *[!-[\]-~]/.test(literal);
}
