import type { SqlType } from "./sql-type.ts";

/** Every node knows its offset in the source, for messages. */
interface Node {
  readonly at: number;
}

export interface Identifier extends Node {
  /** As written. */
  readonly text: string;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "||";
export type ComparisonOperator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Expression = Node &
  (
    | { readonly kind: "null" }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "number"; readonly form: "integer" | "decimal" | "double"; readonly text: string }
    | { readonly kind: "typed"; readonly type: "DATE" | "TIMESTAMP" | "TIME"; readonly value: string }
    | {
        readonly kind: "interval";
        /** Of years and months: that many months. Else days and less: that many milliseconds. */
        readonly ofMonths: boolean;
        readonly months: number;
        readonly millis: number;
      }
    | {
        readonly kind: "now";
        readonly name: "CURRENT_TIMESTAMP" | "CURRENT_DATE" | "LOCALTIMESTAMP" | "CURRENT_TIME" | "LOCALTIME";
      }
    | { readonly kind: "name"; readonly parts: readonly Identifier[] }
    | { readonly kind: "field"; readonly of: Expression; readonly name: Identifier }
    | { readonly kind: "subscript"; readonly of: Expression; readonly index: Expression }
    | { readonly kind: "negate"; readonly of: Expression }
    | { readonly kind: "binary"; readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: "compare";
        readonly op: ComparisonOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "compareQuery";
        readonly op: ComparisonOperator;
        readonly quantifier: "ALL" | "ANY";
        readonly left: Expression;
        readonly query: Query;
      }
    | { readonly kind: "distinct"; readonly negated: boolean; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "logic"; readonly op: "AND" | "OR"; readonly terms: readonly Expression[] }
    | { readonly kind: "not"; readonly of: Expression }
    | { readonly kind: "isNull"; readonly negated: boolean; readonly of: Expression }
    | {
        readonly kind: "between";
        readonly negated: boolean;
        readonly of: Expression;
        readonly low: Expression;
        readonly high: Expression;
      }
    | {
        readonly kind: "like";
        readonly negated: boolean;
        readonly of: Expression;
        readonly pattern: Expression;
        readonly escape: Expression | undefined;
      }
    | { readonly kind: "in"; readonly negated: boolean; readonly of: Expression; readonly list: readonly Expression[] }
    | { readonly kind: "inQuery"; readonly negated: boolean; readonly of: Expression; readonly query: Query }
    | { readonly kind: "exists"; readonly query: Query }
    | { readonly kind: "query"; readonly query: Query }
    | {
        readonly kind: "case";
        readonly of: Expression | undefined;
        readonly whens: readonly { readonly condition: Expression; readonly result: Expression }[];
        readonly otherwise: Expression | undefined;
      }
    | { readonly kind: "cast"; readonly safe: boolean; readonly of: Expression; readonly type: SqlType }
    | { readonly kind: "extract"; readonly part: string; readonly of: Expression }
    | { readonly kind: "atTimeZone"; readonly of: Expression; readonly zone: Expression }
    | { readonly kind: "array"; readonly items: readonly Expression[] }
    | { readonly kind: "row"; readonly items: readonly Expression[] }
    | { readonly kind: "lambda"; readonly params: readonly Identifier[]; readonly body: Expression }
    | {
        readonly kind: "jsonPath";
        readonly name: "json_exists" | "json_value" | "json_query";
        readonly of: Expression;
        readonly path: string;
        readonly pathAt: number;
        readonly returning: SqlType | undefined;
        readonly wrapper: "WITHOUT" | "CONDITIONAL" | "UNCONDITIONAL";
        readonly omitQuotes: boolean;
        readonly onEmpty: JsonFallback;
        readonly onError: JsonFallback;
      }
    | { readonly kind: "jsonObject"; readonly members: readonly JsonMember[]; readonly absentOnNull: boolean }
    | {
        readonly kind: "jsonArray";
        readonly items: readonly Omit<JsonMember, "key">[];
        readonly absentOnNull: boolean;
      }
    | FunctionCall
  );

/** What a JSON function answers when its path finds nothing or fails. */
export interface JsonFallback {
  readonly kind: "ERROR" | "NULL" | "DEFAULT" | "EMPTY ARRAY" | "EMPTY OBJECT" | "TRUE" | "FALSE" | "UNKNOWN";
  readonly value: Expression | undefined;
}

export interface JsonMember {
  readonly key: Expression;
  readonly value: Expression;
  /** `FORMAT JSON`: the value is JSON already. */
  readonly format: boolean;
}

export interface FunctionCall extends Node {
  readonly kind: "call";
  readonly name: string;
  readonly star: boolean;
  readonly distinct: boolean;
  readonly args: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  readonly filter: Expression | undefined;
  readonly ignoreNulls: boolean;
  readonly over: Window | undefined;
}

export interface Window {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  /** `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`: unit, start and end, each a bound of the closed list. */
  readonly frame:
    | { readonly unit: "ROWS" | "RANGE" | "GROUPS"; readonly start: FrameBound; readonly end: FrameBound | undefined }
    | undefined;
}

export interface FrameBound {
  readonly kind: "UNBOUNDED PRECEDING" | "UNBOUNDED FOLLOWING" | "CURRENT ROW" | "PRECEDING" | "FOLLOWING";
  readonly offset: Expression | undefined;
}

export interface SortItem {
  readonly of: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export type SelectItem =
  | { readonly kind: "star"; readonly at: number; readonly of: Identifier | undefined }
  | {
      readonly kind: "expression";
      readonly at: number;
      readonly of: Expression;
      readonly alias: Identifier | undefined;
    };

export type Relation = Node &
  (
    | { readonly kind: "table"; readonly name: Identifier }
    | { readonly kind: "subquery"; readonly query: Query; readonly lateral: boolean }
    | { readonly kind: "unnest"; readonly args: readonly Expression[]; readonly ordinality: boolean }
    | {
        readonly kind: "alias";
        readonly of: Relation;
        readonly name: Identifier;
        readonly columns: readonly Identifier[] | undefined;
      }
    | { readonly kind: "sample"; readonly of: Relation; readonly percent: string }
    | {
        readonly kind: "join";
        readonly join: "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS";
        readonly left: Relation;
        readonly right: Relation;
        readonly on: Expression | undefined;
        readonly using: readonly Identifier[] | undefined;
      }
  );

export type GroupingElement =
  | { readonly kind: "simple"; readonly items: readonly Expression[] }
  | { readonly kind: "ROLLUP" | "CUBE"; readonly sets: readonly (readonly Expression[])[] }
  | { readonly kind: "GROUPING SETS"; readonly sets: readonly (readonly Expression[])[] };

export interface Select extends Node {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: Relation | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly GroupingElement[];
  readonly having: Expression | undefined;
}

export type QueryBody =
  | Select
  | { readonly kind: "values"; readonly at: number; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: "nested"; readonly at: number; readonly query: Query }
  | {
      readonly kind: "set";
      readonly at: number;
      readonly op: "UNION" | "INTERSECT" | "EXCEPT";
      readonly all: boolean;
      readonly left: QueryBody;
      readonly right: QueryBody;
    };

export interface CommonTable {
  /** It stands in WITH RECURSIVE: it may refer to itself. */
  readonly recursive: boolean;
  readonly name: Identifier;
  readonly columns: readonly Identifier[] | undefined;
  readonly query: Query;
}

export interface Query extends Node {
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit: string | undefined;
  readonly offset: string | undefined;
  /** `WITH TIES`: also the rows that the order does not tell from the last one. */
  readonly ties: boolean;
}
