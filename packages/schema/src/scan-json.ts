import { limits } from "./limits.ts";

/** Why a text is not JSON that the lake takes. */
export type ScanReason = "syntax" | "depth" | "duplicate-key" | "lone-surrogate";

export type ScanResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: ScanReason;
      /** UTF-16 offset of the trouble. */
      readonly offset: number;
      /** At most 300 characters. */
      readonly message: string;
    };

/**
 * Whether a text is one JSON value that means the same to every parser: RFC 8259 syntax, no key twice in an object
 * (compared after unescaping, `__proto__` included), no lone surrogate raw or escaped, at most `maxDepth` nested objects
 * and arrays. One pass, linear, iterative; never throws. Answers the first trouble. Spec 1.7 step 3.
 */
export function scanJson(text: string, options?: { readonly maxDepth?: number }): ScanResult {
  return new Scanner(text, options?.maxDepth ?? limits.depth).scan();
}

class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #failure: Exclude<ScanResult, { ok: true }> | undefined;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  scan(): ScanResult {
    /** The keys of each open object; undefined for an open array. */
    const open: (Set<string> | undefined)[] = [];
    for (;;) {
      const first = this.#skip();
      if (first === 0x7b || first === 0x5b) {
        if (open.length >= this.#maxDepth)
          return this.#fail("depth", this.#at, `nested deeper than ${this.#maxDepth} objects and arrays`);
        this.#at++;
        const closing = this.#skip() === (first === 0x7b ? 0x7d : 0x5d);
        if (!closing) {
          const keys = first === 0x7b ? new Set<string>() : undefined;
          open.push(keys);
          if (keys && !this.#key(keys)) return this.#failure!;
          continue;
        }
        this.#at++;
      } else if (!this.#scalar(first)) return this.#failure!;
      // A value has ended: close what closes, then go on to the next value or the end.
      for (;;) {
        const next = this.#skip();
        if (open.length === 0) return Number.isNaN(next) ? { ok: true } : this.#unexpected();
        const keys = open.at(-1);
        if (next === (keys ? 0x7d : 0x5d)) {
          this.#at++;
          open.pop();
          continue;
        }
        if (next !== 0x2c) return this.#unexpected();
        this.#at++;
        if (keys && !this.#key(keys)) return this.#failure!;
        break;
      }
    }
  }

  /** Skips white space. Answers the code unit there, NaN at the end. */
  #skip(): number {
    let unit = this.#text.charCodeAt(this.#at);
    while (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) unit = this.#text.charCodeAt(++this.#at);
    return unit;
  }

  #key(keys: Set<string>): boolean {
    if (this.#skip() !== 0x22) return this.#bad();
    const start = this.#at;
    const escaped = this.#string();
    if (escaped === undefined) return false;
    const key: string = escaped
      ? JSON.parse(this.#text.slice(start, this.#at))
      : this.#text.slice(start + 1, this.#at - 1);
    if (keys.has(key)) {
      this.#fail("duplicate-key", start, `the key ${JSON.stringify(key.slice(0, 100))} is twice in one object`);
      return false;
    }
    keys.add(key);
    if (this.#skip() !== 0x3a) return this.#bad();
    this.#at++;
    return true;
  }

  #scalar(first: number): boolean {
    if (first === 0x22) return this.#string() !== undefined;
    if (first === 0x74) return this.#word("true");
    if (first === 0x66) return this.#word("false");
    if (first === 0x6e) return this.#word("null");
    return this.#number();
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return this.#bad();
    this.#at += word.length;
    return true;
  }

  #number(): boolean {
    if (this.#unit() === 0x2d) this.#at++;
    if (this.#unit() === 0x30) this.#at++;
    else if (!this.#digits()) return this.#bad();
    if (this.#unit() === 0x2e) {
      this.#at++;
      if (!this.#digits()) return this.#bad();
    }
    if ((this.#unit() | 0x20) === 0x65) {
      this.#at++;
      if (this.#unit() === 0x2b || this.#unit() === 0x2d) this.#at++;
      if (!this.#digits()) return this.#bad();
    }
    return true;
  }

  #digits(): boolean {
    const start = this.#at;
    for (let unit = this.#unit(); unit >= 0x30 && unit <= 0x39; unit = this.#unit()) this.#at++;
    return this.#at > start;
  }

  #unit(): number {
    return this.#text.charCodeAt(this.#at);
  }

  /** Reads a string from its opening quote. Answers whether it has escapes, undefined after a failure. */
  #string(): boolean | undefined {
    const text = this.#text;
    let escaped = false;
    for (let at = this.#at + 1; ;) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) {
        this.#at = at + 1;
        return escaped;
      }
      if (unit === 0x5c) {
        escaped = true;
        const length = this.#escape(at);
        if (length === undefined) return undefined;
        at += length;
      } else if (unit >= 0xd800 && unit <= 0xdfff) {
        if (unit >= 0xdc00 || !isLow(text.charCodeAt(at + 1))) return this.#alone(at, unit);
        at += 2;
      } else if (unit >= 0x20) at++;
      else {
        // A control character, or NaN at the end of the text.
        this.#at = at;
        this.#bad();
        return undefined;
      }
    }
  }

  /** Length of the escape, or the escaped surrogate pair, at the backslash; undefined after a failure. */
  #escape(at: number): number | undefined {
    const text = this.#text;
    if (text[at + 1] !== "u") {
      if (text[at + 1] !== undefined && '"\\/bfnrt'.includes(text[at + 1]!)) return 2;
      this.#at = at;
      this.#bad();
      return undefined;
    }
    const unit = hexUnit(text, at + 2);
    if (Number.isNaN(unit)) {
      this.#at = at;
      this.#bad();
      return undefined;
    }
    if (unit < 0xd800 || unit > 0xdfff) return 6;
    const low = text.startsWith("\\u", at + 6) ? hexUnit(text, at + 8) : Number.NaN;
    return unit < 0xdc00 && isLow(low) ? 12 : this.#alone(at, unit);
  }

  #alone(at: number, unit: number): undefined {
    this.#fail("lone-surrogate", at, `half of a surrogate pair, U+${unit.toString(16).toUpperCase()}`);
  }

  #bad(): false {
    this.#unexpected();
    return false;
  }

  #unexpected(): ScanResult {
    const unit = this.#text.codePointAt(this.#at);
    if (unit === undefined) return this.#fail("syntax", this.#at, "not JSON: it ends too early");
    return this.#fail("syntax", this.#at, `not JSON: unexpected U+${unit.toString(16).toUpperCase().padStart(4, "0")}`);
  }

  #fail(reason: ScanReason, offset: number, what: string): ScanResult {
    this.#failure = { ok: false, reason, offset, message: `${what} (at offset ${offset})` };
    return this.#failure;
  }
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The value of four hexadecimal digits, NaN where they are not four. */
function hexUnit(text: string, at: number): number {
  let value = 0;
  for (let place = at; place < at + 4; place++) {
    const unit = text.charCodeAt(place);
    const digit =
      unit >= 0x30 && unit <= 0x39
        ? unit - 0x30
        : (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66
          ? (unit | 0x20) - 0x57
          : -1;
    if (digit < 0) return Number.NaN;
    value = value * 16 + digit;
  }
  return value;
}
