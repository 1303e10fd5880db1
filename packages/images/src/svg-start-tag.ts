/**
 * The start tag of an SVG document's root, as far as the text has it, without its last bracket; `undefined` when the
 * text is no SVG. Linear in the text, whatever it is: nothing here goes back.
 */
export function svgStartTag(text: string): string | undefined {
  let at = 0;
  while (at !== -1) {
    at = text.length - text.slice(at).trimStart().length;
    if (text.startsWith("<?", at)) at = after(text, "?>", at);
    else if (text.startsWith("<!--", at)) at = after(text, "-->", at);
    else if (/^<!doctype/i.test(text.slice(at, at + 9))) at = afterDoctype(text, at);
    else break;
  }
  if (at === -1) return undefined;
  const root = /<(?:[\w.-]{1,64}:)?svg(?=[\s/>])[^>]*/y;
  root.lastIndex = at;
  return root.exec(text)?.[0];
}

/** Whether a tag gives its image a size in units, not in parts of a page. */
export function hasSize(startTag: string): boolean {
  return /\s(?:width|height)\s*=\s*["'][^"'%]+["']/.test(startTag);
}

function after(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at === -1 ? -1 : at + end.length;
}

/** Entities may stand in brackets inside. */
function afterDoctype(text: string, from: number): number {
  const close = after(text, ">", from);
  const open = text.slice(from, close).indexOf("[");
  if (open === -1 || close === -1) return close;
  const end = /\]\s*>/g;
  end.lastIndex = from + open;
  return end.test(text) ? end.lastIndex : -1;
}
