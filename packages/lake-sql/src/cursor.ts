import type { Expression, Identifier, Query, QueryBody, Window } from "./ast.ts";
import { invalidAt, type LakeSqlError } from "./lake-sql-error.ts";
import { skipBlank, tokenAt, uuidAt, type Token } from "./token.ts";

/** Nesting of parentheses that is still parsed. */
export const maxParentheses = 31;
const maxRecursion = 160;
const maxOf = { relation: 64, "set operation": 64, chain: 400 };

// Trino's reserved words, and those that would otherwise be read as an alias.
const reserved = new Set(
  (
    "ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT " +
    "EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS JOIN LEFT LIKE LOCALTIME LOCALTIMESTAMP NATURAL NOT NULL ON OR " +
    "ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT TABLE THEN TRUE UNION UNNEST USING VALUES WHEN WHERE WITH"
  ).split(" "),
);
const notAnAlias = new Set(["LIMIT", "OFFSET", "FETCH", "TABLESAMPLE", "WINDOW", "MATCH_RECOGNIZE"]);

/** A window under its name, which WINDOW may give it behind the calls that use it. */
export interface NamedWindow {
  readonly name: Identifier;
  readonly window: Window;
}

/** A window that names another: `w` alone, or with clauses of its own. It is filled in where the other is known. */
export interface WantedWindow {
  readonly name: Identifier;
  readonly window: { -readonly [Key in keyof Window]: Window[Key] };
  readonly own: Window | undefined;
}

/** The entry points that rules call across files; handed in, as expressions, queries and relations contain each other. */
export interface Parsers {
  readonly expression: (cursor: Cursor) => Expression;
  /** An expression without comparison, AND, OR: an operand. */
  readonly value: (cursor: Cursor) => Expression;
  /** A query, or the rest of one whose first operand has been read. */
  readonly query: (cursor: Cursor, first?: QueryBody) => Query;
}

/** Where a parser stands in a source. */
export class Cursor {
  readonly source: string;
  readonly parsers: Parsers;
  #token: Token;
  #end = 0;
  #parentheses = 0;
  #recursion = 0;
  /** In a table of WITH RECURSIVE. */
  #recursive = false;
  /** Windows by name: those that WINDOW has declared, and the calls that wait for one. */
  readonly windows: { readonly declared: NamedWindow[]; readonly wanted: WantedWindow[] } = {
    declared: [],
    wanted: [],
  };
  readonly #counts = { relation: 0, "set operation": 0, chain: 0 };

  constructor(source: string, parsers: Parsers) {
    this.source = source;
    this.parsers = parsers;
    this.#token = tokenAt(source, 0);
  }

  get token(): Token {
    if (this.#token.end < this.#end) this.#token = tokenAt(this.source, this.#end);
    return this.#token;
  }

  /** Offset of what comes next, without reading it as a token: a store's bare id is not one. */
  get at(): number {
    return skipBlank(this.source, this.#end);
  }

  expression(): Expression {
    return this.parsers.expression(this);
  }

  query(first?: QueryBody): Query {
    return this.parsers.query(this, first);
  }

  /** The token after the current one. */
  next(): Token {
    return tokenAt(this.source, this.token.end);
  }

  take(): Token {
    const token = this.token;
    this.#end = token.end;
    if (token.kind !== "end") this.#token = { ...token, end: -1 };
    return token;
  }

  isStoreId(): boolean {
    return uuidAt(this.source, this.#end) !== undefined;
  }

  /** A bare store id here, if there is one; only asked for where a table may stand. */
  takeStoreId(): Token | undefined {
    const id = uuidAt(this.source, this.#end);
    if (id === undefined) return undefined;
    this.#end = id.end;
    this.#token = { ...id, end: -1 };
    return id;
  }

  /** A cursor at the same place, to look ahead with. */
  fork(): Cursor {
    const ahead = new Cursor(this.source, this.parsers);
    ahead.moveTo(this);
    return ahead;
  }

  moveTo(other: Cursor): void {
    this.#token = other.#token;
    this.#end = other.#end;
  }

  is(...keys: readonly string[]): boolean {
    return keys.includes(this.token.key) && this.token.key !== "";
  }

  /** Takes the current token when it is one of `keys` and answers its key. */
  accept<K extends string>(...keys: readonly K[]): K | undefined {
    const key = keys.find((candidate) => this.is(candidate));
    if (key !== undefined) this.take();
    return key;
  }

  expect(...keys: readonly string[]): void {
    for (const key of keys) if (this.accept(key) === undefined) throw this.unexpected(key);
  }

  unexpected(expected: string): LakeSqlError {
    const { kind, text, start } = this.token;
    const found =
      kind === "end" ? "the end of the statement" : kind === "string" ? "a string" : `'${text.slice(0, 60)}'`;
    return invalidAt(this.source, start, `found ${found}, expected ${expected}`);
  }

  error(at: number, message: string): LakeSqlError {
    return invalidAt(this.source, at, message);
  }

  isIdentifier(): boolean {
    const { kind, key } = this.token;
    return kind === "quoted" || (kind === "word" && !reserved.has(key));
  }

  identifier(what: string): Identifier {
    if (!this.isIdentifier()) throw this.unexpected(what);
    const token = this.take();
    return { at: token.start, text: token.text };
  }

  /** The name after a dot: there a reserved word is a name as well. */
  fieldName(): Identifier {
    if (this.token.kind !== "word" && this.token.kind !== "quoted") throw this.unexpected("a field name");
    const token = this.take();
    return { at: token.start, text: token.text };
  }

  alias(): Identifier | undefined {
    if (this.accept("AS") !== undefined) return this.identifier("an alias");
    return this.isIdentifier() && !notAnAlias.has(this.token.key) ? this.identifier("an alias") : undefined;
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(",") !== undefined) items.push(item());
    return items;
  }

  /** What stands between parentheses, counted against the depth limit. */
  parenthesized<T>(inner: () => T): T {
    this.expect("(");
    if (++this.#parentheses > maxParentheses)
      throw this.error(this.at, `parentheses are nested deeper than ${maxParentheses}`);
    const value = inner();
    this.expect(")");
    this.#parentheses--;
    return value;
  }

  /** Throws inside of another one. */
  beginRecursion(at: number): void {
    if (this.#recursive) throw this.error(at, "WITH RECURSIVE inside of a table of WITH RECURSIVE is not supported");
    this.#recursive = true;
  }

  endRecursion(): void {
    this.#recursive = false;
  }

  nested<T>(inner: () => T): T {
    if (++this.#recursion > maxRecursion) throw this.error(this.at, "the statement is nested too deeply");
    const value = inner();
    this.#recursion--;
    return value;
  }

  count(what: keyof typeof maxOf): void {
    if (++this.#counts[what] > maxOf[what])
      throw this.error(this.at, `the statement has more than ${maxOf[what]} ${what === "chain" ? "operator" : what}s`);
  }
}
