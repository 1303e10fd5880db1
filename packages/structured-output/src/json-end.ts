export interface JsonEnd {
  push(text: string): void;
  /** How many characters of whitespace have come after the complete value; zero before its end, and once other text followed. */
  readonly trailing: number;
}

type State = "before" | "word" | "string" | "escape" | "structure" | "after" | "no JSON";

/** Finds the end of a JSON value in text that comes in pieces. It counts brackets and quotes; it does not validate. */
export function createJsonEnd(): JsonEnd {
  let state: State = "before";
  let depth = 0;
  let word = "";
  let trailing = 0;

  function next(character: string): State {
    switch (state) {
      case "before":
        if (isSpace(character)) return "before";
        if (character !== "{" && character !== "[" && character !== '"') {
          word = character;
          return "word";
        }
        return insideStructure(character);
      case "word":
        if (!isSpace(character)) {
          word += character;
          return "word";
        }
        if (!SCALAR.test(word)) return "no JSON";
        trailing = 1;
        return "after";
      case "string":
        if (character === "\\") return "escape";
        if (character !== '"') return "string";
        return depth === 0 ? "after" : "structure";
      case "escape":
        return "string";
      case "structure":
        return insideStructure(character);
      case "after":
        trailing = isSpace(character) ? trailing + 1 : 0;
        return trailing > 0 ? "after" : "no JSON";
      case "no JSON":
        return "no JSON";
    }
  }

  function insideStructure(character: string): State {
    if (character === '"') return "string";
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    return depth === 0 ? "after" : "structure";
  }

  return {
    push(text) {
      for (let index = 0; index < text.length && state !== "no JSON"; index++) state = next(text.charAt(index));
    },
    get trailing() {
      return trailing;
    },
  };
}

const SCALAR = /^(?:true|false|null|-?\d[\d.eE+-]*)$/;

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}
