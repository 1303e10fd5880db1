/** Whether a tag may begin in a text, or in the inside of a JSON string: that spells its first character as itself or as a code. */
export function mayHoldTag(text: string): boolean {
  return text.includes("<") || /\\u003c/i.test(text);
}
