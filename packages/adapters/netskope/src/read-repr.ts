import type { Json } from "@tributary/adapter-kit";

/** No list or dict nests deeper, no text is longer: what does is no value of Netskope's. */
const deepest = 16;
const longest = 65_536;

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", "'": "'", '"': '"' };
const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["True", true],
  ["False", false],
  ["None", null],
]);

/**
 * Python's `repr` of a dict or list of texts, numbers, booleans, None, dicts and lists: `{'data_type': 'user'}`. Undefined
 * for anything else. Numbers that a double cannot hold become texts of their digits.
 */
export function readRepr(text: string): Json | undefined {
  if (text.length > longest || !/^\s*[[{]/.test(text)) return undefined;
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.isAtEnd() ? value : undefined;
  } catch {
    return undefined;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#blanks();
    return this.#at === this.#text.length;
  }

  value(depth: number): Json {
    if (depth > deepest) throw new Error("too deep");
    this.#blanks();
    const first = this.#text[this.#at];
    if (first === "'" || first === '"') return this.#string(first);
    if (first === "{") return Object.fromEntries(this.#items("}", () => this.#pair(depth)));
    if (first === "[") return this.#items("]", () => this.value(depth + 1));
    return this.#word();
  }

  #items<Item>(close: string, read: () => Item): readonly Item[] {
    const items: Item[] = [];
    this.#at += 1;
    for (;;) {
      this.#blanks();
      if (this.#text[this.#at] === close) break;
      items.push(read());
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at += 1;
      else if (this.#text[this.#at] !== close) throw new Error("no comma");
    }
    this.#at += 1;
    return items;
  }

  #pair(depth: number): readonly [string, Json] {
    const key = this.value(depth + 1);
    this.#blanks();
    if (typeof key !== "string" || this.#text[this.#at] !== ":") throw new Error("no key");
    this.#at += 1;
    return [key, this.value(depth + 1)];
  }

  #string(quote: string): string {
    let read = "";
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const char = this.#text[at]!;
      if (char === quote) {
        this.#at = at + 1;
        return read;
      }
      if (char !== "\\") {
        read += char;
        continue;
      }
      at += 1;
      const escape = this.#text[at] ?? "";
      const digits = { x: 2, u: 4, U: 8 }[escape];
      if (digits === undefined) {
        read += escapes[escape] ?? `\\${escape}`;
        continue;
      }
      const hex = this.#text.slice(at + 1, at + 1 + digits);
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits) throw new Error("no escape");
      read += String.fromCodePoint(Number.parseInt(hex, 16));
      at += digits;
    }
    throw new Error("no end");
  }

  #word(): Json {
    const start = this.#at;
    while (/[\w.+-]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
    const word = this.#text.slice(start, this.#at);
    const known = words.get(word);
    if (known !== undefined) return known;
    if (!/^-?\d{1,40}(?:\.\d{1,40})?(?:e[+-]\d{1,3})?$/.test(word)) throw new Error("no value");
    const number = Number(word);
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(word) ? number : word;
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}
