import { StatementError } from "./value.ts";

/** A word or sign of a statement. */
export interface Token {
  readonly kind: "word" | "quoted" | "text" | "number" | "store" | "sign" | "end";
  readonly text: string;
  readonly offset: number;
}

const patterns: readonly (readonly [kind: Token["kind"] | "blank", pattern: RegExp])[] = [
  ["blank", /\s+|--[^\n]*|\/\*[^]*?\*\//y],
  ["store", /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/iy],
  ["number", /\d+(\.\d+)?(e[+-]?\d+)?/iy],
  ["word", /[a-z_]\w*/iy],
  ["quoted", /"(?:[^"]|"")*"/y],
  ["text", /'(?:[^']|'')*'/y],
  ["sign", /->|<>|<=|>=|!=|\|\||[-+*/%<>=(),.[\];:]/y],
];

/** The words and signs of a statement, `end` last. Throws {@link StatementError} with the place. */
export function tokensOf(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  next: while (offset < statement.length) {
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = offset;
      const found = pattern.exec(statement)?.[0];
      if (found === undefined) continue;
      if (kind !== "blank") tokens.push({ kind, text: unquoted(kind, found), offset });
      offset += found.length;
      continue next;
    }
    throw new StatementError(`${placeOf(statement, offset)}: unexpected '${statement[offset]}'`);
  }
  tokens.push({ kind: "end", text: "", offset });
  return tokens;
}

/** `line 2:7`. */
export function placeOf(statement: string, offset: number): string {
  const lines = statement.slice(0, offset).split("\n");
  return `line ${lines.length}:${lines.at(-1)!.length + 1}`;
}

function unquoted(kind: Token["kind"] | "blank", text: string): string {
  if (kind === "text") return text.slice(1, -1).replaceAll("''", "'");
  return kind === "quoted" ? text.slice(1, -1).replaceAll('""', '"') : text;
}
