import type { Emitted } from "../scope.ts";
import type { SqlType } from "../sql-type.ts";

/** What a function's emitter may ask of the one who calls it. */
export interface CallContext {
  /** Stops with INVALID_QUERY_STATEMENT at the call. */
  fail(message: string): never;
  /** A name that no other part of the statement has, quoted. */
  fresh(): string;
  /** Emits the lambda that is argument `index` (from 0) with its parameters bound to these values, in order. */
  lambda(index: number, bindings: readonly Emitted[]): Emitted;
}

/** A function users may call. */
export interface FunctionRow {
  readonly name: string;
  readonly kind: "scalar" | "aggregate" | "window";
  /** Least and most arguments. */
  readonly arity: readonly [number, number];
  /** The arguments that must be lambdas; emitted through `CallContext.lambda`, and a placeholder in `args`. */
  readonly lambdas?: readonly number[];
  readonly emit: (args: readonly Emitted[], context: CallContext) => Emitted & AggregateParts;
}

/** What an aggregate may add around the engine's call. */
export interface AggregateParts {
  /** Made of the whole call, with its DISTINCT, ORDER BY, FILTER and OVER: the value. */
  readonly after?: (call: string) => string;
  /** A condition on the rows that are aggregated, besides the user's FILTER. */
  readonly keep?: string;
}

export type ResultType = SqlType | ((args: readonly Emitted[]) => SqlType);

/** A function whose SQL is a template over its arguments' SQL. */
export function scalar(
  name: string,
  arity: number | readonly [number, number],
  type: ResultType,
  template: (...args: string[]) => string,
): FunctionRow {
  return row("scalar", name, arity, type, template);
}

export function aggregate(
  name: string,
  arity: number | readonly [number, number],
  type: ResultType,
  template: (...args: string[]) => string,
): FunctionRow {
  return row("aggregate", name, arity, type, template);
}

export function window(
  name: string,
  arity: number | readonly [number, number],
  type: ResultType,
  template: (...args: string[]) => string,
): FunctionRow {
  return row("window", name, arity, type, template);
}

function row(
  kind: FunctionRow["kind"],
  name: string,
  arity: number | readonly [number, number],
  type: ResultType,
  template: (...args: string[]) => string,
): FunctionRow {
  return {
    name,
    kind,
    arity: typeof arity === "number" ? [arity, arity] : arity,
    emit: (args) => ({
      sql: template(...args.map((arg) => arg.sql)),
      type: typeof type === "function" ? type(args) : type,
    }),
  };
}

/** `body` over names for `values`, each computed once however often its name is used. The names are the emitter's own. */
export function letIn(values: readonly string[], body: (...names: string[]) => string): string {
  const fields = values.map((value, index) => `'v${index}': ${value}`).join(", ");
  const name = `"v${depth(values)}"`;
  const names = values.map((_, index) => `struct_extract(${name}, 'v${index}')`);
  return `list_extract(list_transform([{${fields}}], lambda ${name}: ${body(...names)}), 1)`;
}

/** One more than the deepest name in the values: a name may not hide one that an inner value uses. */
const depth = (values: readonly string[]): number =>
  1 + Math.max(0, ...values.flatMap((value) => [...value.matchAll(/"v(\d+)"/g)].map((match) => Number(match[1]))));

/** The type of the n-th argument. */
export const typeOf =
  (index: number) =>
  (args: readonly Emitted[]): SqlType =>
    args[index]?.type ?? { kind: "unknown" };

/** A call by DuckDB's own name with the arguments as they are. */
export const call =
  (name: string) =>
  (...args: string[]): string =>
    `${name}(${args.join(", ")})`;
