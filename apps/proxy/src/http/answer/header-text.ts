/** Header values are Latin-1 at best, and a client's text may be in them. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 1000);
}
