import type { Json, Origin, Taking } from "@tributary/adapter-kit";

/** What a mapping sees of one record. */
export interface Scope {
  readonly record: Json;
  /** Remembers what has found a place in the event. */
  readonly take: Taking;
  readonly origin: Origin;
}

/** What becomes of a value; undefined where it cannot be used and the next one is wanted. */
export type Use<Result> = (value: Json) => Result | undefined;

/** A part of a mapping, ready to run: what `use` makes of the first value that it can use. Never throws. */
export type Evaluate = <Result>(scope: Scope, use: Use<Result>) => Result | undefined;

/** A compiled expression. */
export interface Source {
  readonly evaluate: Evaluate;
  /** The JSON pointers it reads, for the messages of refusals. */
  readonly pointers: readonly string[];
}
