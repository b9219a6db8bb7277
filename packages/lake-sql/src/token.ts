import { invalidAt } from "./lake-sql-error.ts";

export type TokenKind = "word" | "quoted" | "string" | "integer" | "decimal" | "double" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** A word and a symbol as written; a quoted identifier and a string without their quotes. */
  readonly text: string;
  /** Upper case for a word, the symbol for a symbol, else empty: what grammar rules compare. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const symbols = [
  "<>",
  "!=",
  "<=",
  ">=",
  "||",
  "->",
  "=>",
  "(",
  ")",
  ",",
  ".",
  "+",
  "-",
  "*",
  "/",
  "%",
  "=",
  "<",
  ">",
  "[",
  "]",
  ";",
  ":",
  "?",
];
const word = /[A-Za-z_][A-Za-z0-9_@]*/y;
const number = /(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)([eE][+-]?\d+)?/y;
/** Whole numbers of other bases: `0xFF`, `0o17`, `0b1010`. */
const based = /0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[oO][0-7]+(?:_[0-7]+)*|0[bB][01]+(?:_[01]+)*/y;
const uuid = /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9A-Za-z_-])/y;

/** Offset of the first character at or after `offset` that is neither white space nor comment. */
export function skipBlank(source: string, offset: number): number {
  let at = offset;
  for (;;) {
    const c = source.charCodeAt(at);
    if (c === 32 || (c >= 9 && c <= 13) || c === 0xa0 || c === 0xfeff) at++;
    else if (source.startsWith("--", at)) {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end + 1;
    } else if (source.startsWith("/*", at)) {
      const end = source.indexOf("*/", at + 2);
      if (end < 0) throw invalidAt(source, at, "a comment is not closed");
      at = end + 2;
    } else return at;
  }
}

function quotedText(source: string, start: number, quote: string, what: string): { text: string; end: number } {
  let text = "";
  let at = start + 1;
  for (;;) {
    const close = source.indexOf(quote, at);
    if (close < 0) throw invalidAt(source, start, `${what} is not closed`);
    text += source.slice(at, close);
    if (source[close + 1] !== quote) return { text, end: close + 1 };
    text += quote;
    at = close + 2;
  }
}

/** The text of `U&'\\00e9 \\+01f600 \\\\'`. */
function unescaped(source: string, start: number, text: string): string {
  return text.replaceAll(
    /\\(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|(\\)|)/g,
    (_, short: string | undefined, long: string | undefined, plain: string | undefined) => {
      if (plain !== undefined) return plain;
      const code = Number.parseInt(short ?? long ?? "", 16);
      if (!(code > 0 && code <= 0x10_ffff) || (code >= 0xd800 && code < 0xe000))
        throw invalidAt(source, start, "an escape of a string with U& is not a character");
      return String.fromCodePoint(code);
    },
  );
}

/** The token at or after an offset. Pure: a parser may go back to any offset. */
export function tokenAt(source: string, offset: number): Token {
  const start = skipBlank(source, offset);
  if (start >= source.length) return { kind: "end", text: "", key: "", start: source.length, end: source.length };
  const c = source[start] ?? "";
  if (c === "'" || c === '"') {
    const { text, end } = quotedText(source, start, c, c === "'" ? "a string" : "a quoted identifier");
    if (text.includes("\0")) throw invalidAt(source, start, "U+0000 is not allowed");
    if (c === '"' && text === "") throw invalidAt(source, start, "an identifier is empty");
    return { kind: c === "'" ? "string" : "quoted", text, key: "", start, end };
  }
  if ((c === "U" || c === "u") && source.startsWith("&'", start + 1)) {
    const { text, end } = quotedText(source, start + 2, "'", "a string");
    return { kind: "string", text: unescaped(source, start, text), key: "", start, end };
  }
  word.lastIndex = start;
  const name = word.exec(source)?.[0];
  if (name !== undefined) return { kind: "word", text: name, key: name.toUpperCase(), start, end: start + name.length };
  based.lastIndex = start;
  const whole = based.exec(source)?.[0];
  if (whole !== undefined && !/[A-Za-z0-9_]/.test(source[start + whole.length] ?? ""))
    return {
      kind: "integer",
      text: BigInt(whole.slice(0, 40).replaceAll("_", "")).toString(),
      key: "",
      start,
      end: start + whole.length,
    };
  number.lastIndex = start;
  const digits = number.exec(source);
  if (digits !== null) {
    const end = start + digits[0].length;
    if (/[A-Za-z_]/.test(source[end] ?? ""))
      throw invalidAt(source, start, "an identifier must not start with a digit; put it in double quotes");
    const kind = digits[1] !== undefined ? "double" : digits[0].includes(".") ? "decimal" : "integer";
    return { kind, text: digits[0].replaceAll("_", ""), key: "", start, end };
  }
  for (const symbol of symbols) {
    if (source.startsWith(symbol, start))
      return { kind: "symbol", text: symbol, key: symbol, start, end: start + symbol.length };
  }
  throw invalidAt(
    source,
    start,
    `unexpected character ${JSON.stringify(String.fromCodePoint(source.codePointAt(start) ?? 0))}`,
  );
}

/** The bare id of an event data store at or after an offset: legal after FROM in Lake SQL alone. */
export function uuidAt(source: string, offset: number): Token | undefined {
  const start = skipBlank(source, offset);
  uuid.lastIndex = start;
  const id = uuid.exec(source)?.[0];
  return id === undefined ? undefined : { kind: "quoted", text: id, key: "", start, end: start + id.length };
}
