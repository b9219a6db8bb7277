import type { Query } from "./syntax.ts";
import { placeOf, type Token, tokensOf } from "./tokens.ts";
import { StatementError } from "./value.ts";

/** Goes through a statement, word by word. */
export class Cursor {
  readonly statement: string;
  /** Reads a query that stands within an expression. */
  readonly query: () => Query;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(statement: string, query: (cursor: Cursor) => Query) {
    this.statement = statement;
    this.query = () => query(this);
    this.#tokens = tokensOf(statement);
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.token;
  }

  /** Whether these words or signs come next, in any case. */
  is(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const token = this.#tokens[this.#at + index];
      return (token?.kind === "word" || token?.kind === "sign") && token.text.toLowerCase() === word;
    });
  }

  /** Steps over these words where they come next. */
  takes(...words: readonly string[]): boolean {
    const isNext = this.is(...words);
    if (isNext) this.#at += words.length;
    return isNext;
  }

  expect(...words: readonly string[]): void {
    if (!this.takes(...words)) this.fail(words.join(" "));
  }

  next(kind: Token["kind"], what: string): Token {
    const { token } = this;
    if (token.kind !== kind) this.fail(what);
    this.#at++;
    return token;
  }

  /** Throws with the place. */
  fail(expected: string): never {
    const { token } = this;
    const found = token.kind === "end" ? "the end of the statement" : `'${token.text}'`;
    throw new StatementError(`${placeOf(this.statement, token.offset)}: found ${found}, expected ${expected}`);
  }
}
