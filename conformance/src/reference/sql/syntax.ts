import type { Value } from "./value.ts";

/** An expression. */
export type Expression =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "name"; readonly parts: readonly string[] }
  | { readonly kind: "subscript"; readonly of: Expression; readonly at: Expression }
  | Call
  | { readonly kind: "lambda"; readonly names: readonly string[]; readonly body: Expression }
  | { readonly kind: "not" | "minus"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "case";
      readonly branches: readonly (readonly [when: Expression, then: Expression])[];
      readonly otherwise: Expression;
    }
  | { readonly kind: "cast"; readonly of: Expression; readonly type: string; readonly tries: boolean }
  | { readonly kind: "isNull"; readonly of: Expression }
  | { readonly kind: "in"; readonly of: Expression; readonly items: readonly Expression[] | Query }
  | { readonly kind: "like"; readonly of: Expression; readonly pattern: Expression; readonly escape: string }
  | { readonly kind: "array"; readonly items: readonly Expression[] }
  | { readonly kind: "exists" | "scalar"; readonly query: Query };

/** A call of a function. */
export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly offset: number;
  /** `count(*)` has none. */
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly order: readonly SortKey[];
  readonly filter?: Expression | undefined;
  readonly over?: { readonly partition: readonly Expression[]; readonly order: readonly SortKey[] } | undefined;
}

/** A key of ORDER BY. */
export interface SortKey {
  readonly of: Expression;
  readonly descending: boolean;
  readonly nullsFirst?: boolean | undefined;
}

/** What a row of FROM comes from. */
export type Relation =
  | {
      readonly kind: "store" | "name";
      readonly name: string;
      readonly alias?: string | undefined;
      readonly offset: number;
    }
  | { readonly kind: "query"; readonly query: Query; readonly alias?: string | undefined }
  | {
      readonly kind: "unnest";
      readonly of: Expression;
      readonly alias?: string | undefined;
      readonly names: readonly string[];
    }
  | {
      readonly kind: "join";
      readonly left: Relation;
      readonly right: Relation;
      readonly outer: boolean;
      readonly on?: Expression | undefined;
    };

/** A column of a result; undefined: all of them. */
export interface Item {
  readonly of: Expression;
  readonly alias?: string | undefined;
}

export interface Select {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly items: readonly Item[] | "*";
  readonly from: Relation;
  readonly where?: Expression | undefined;
  readonly group?: readonly Expression[] | undefined;
  readonly having?: Expression | undefined;
}

export interface SetOperation {
  readonly kind: "union" | "except" | "intersect";
  readonly all: boolean;
  readonly left: Body;
  readonly right: Body;
}

export type Body = Select | SetOperation;

/** A query: the whole statement, or one within it. */
export interface Query {
  readonly tables: readonly (readonly [name: string, query: Query])[];
  readonly body: Body;
  readonly order: readonly SortKey[];
  readonly limit?: number | undefined;
}
