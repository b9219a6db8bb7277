import type { Expression, Query } from "./ast.ts";
import { invalidAt } from "./lake-sql-error.ts";
import type { Emitted, Scope, ScopeColumn } from "./scope.ts";
import type { TableColumn } from "./activity-columns.ts";
import { quoted } from "./sql-text.ts";

/** What a store's id stands for: the engine's name of its table, and its columns. */
export interface TableRef {
  readonly name: string;
  readonly columns: readonly TableColumn[];
}

/** One mention of a store in a statement, with the bounds on eventTime that its WHERE clause sets, in ms since 1970. */
export interface StoreUse {
  readonly storeId: string;
  notBefore?: number;
  notAfter?: number;
}

export interface EmittedQuery {
  readonly sql: string;
  /** The columns by position, `sql` being their names inside this query: "c0", "c1" ... */
  readonly columns: readonly ScopeColumn[];
}

const maxSqlLength = 400_000;
const maxColumns = 1000;
/** Most statements have a few hundred. What is emitted twice, such as the lambda of a reduce, doubles with each level it is nested. */
const maxExpressions = 40_000;

/** The state of emitting one statement, and the emitters that call each other across files. */
export class Emission {
  readonly source: string;
  readonly resolve: (storeId: string) => TableRef | undefined;
  readonly uses: StoreUse[] = [];
  readonly expression: (expression: Expression, scope: Scope) => Emitted;
  readonly query: (query: Query, parent: Scope | undefined, commons: CommonTables) => EmittedQuery;
  #fresh = 0;
  #expressions = 0;

  constructor(
    source: string,
    resolve: (storeId: string) => TableRef | undefined,
    emitters: {
      readonly expression: (expression: Expression, scope: Scope, emission: Emission) => Emitted;
      readonly query: (
        query: Query,
        parent: Scope | undefined,
        commons: CommonTables,
        emission: Emission,
      ) => EmittedQuery;
    },
  ) {
    this.source = source;
    this.resolve = resolve;
    this.expression = (expression, scope) => {
      if (++this.#expressions > maxExpressions) this.fail(expression.at, "the statement is too complex");
      const emitted = emitters.expression(expression, scope, this);
      // A template may repeat its arguments; what grows past all use is refused before the engine sees it.
      if (emitted.sql.length > maxSqlLength) this.fail(expression.at, "the statement is too complex");
      return emitted;
    };
    this.query = (query, parent, commons) => {
      const emitted = emitters.query(query, parent, commons, this);
      if (emitted.sql.length > maxSqlLength || emitted.columns.length > maxColumns)
        this.fail(query.at, "the statement is too complex");
      return emitted;
    };
  }

  fail(at: number, message: string): never {
    throw invalidAt(this.source, at, message);
  }

  /** A quoted name that no other part of the statement has. */
  fresh(prefix: string): string {
    return quoted(`${prefix}${this.#fresh++}`);
  }
}

/** The tables of WITH, by lower-case name. */
export type CommonTables = ReadonlyMap<string, { readonly sql: string; readonly columns: readonly ScopeColumn[] }>;
