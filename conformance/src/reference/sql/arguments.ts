import { isList, isMap, type Lambda, StatementError, type Value } from "./value.ts";

/** A function of SQL. */
export type SqlFunction = (args: readonly Value[]) => Value;

/** Functions by their names, in lower case. */
export type SqlFunctions = Readonly<Record<string, SqlFunction>>;

/** NULL where any argument is NULL. */
export function strictly(functions: SqlFunctions): SqlFunctions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, run]) => [name, (args) => (args.includes(null) ? null : run(args))]),
  );
}

export function textAt(args: readonly Value[], at: number): string {
  const found = args[at];
  return typeof found === "string" ? found : wrong("a text", found);
}

export function numberAt(args: readonly Value[], at: number): number {
  const found = args[at];
  return typeof found === "bigint" || typeof found === "number" ? Number(found) : wrong("a number", found);
}

export function lambdaAt(args: readonly Value[], at: number): Lambda {
  const found = args[at];
  return typeof found === "function" ? found : wrong("a lambda", found);
}

export function listAt(args: readonly Value[], at: number): readonly Value[] {
  const found = args[at] ?? null;
  return isList(found) ? found : wrong("an array", found);
}

export function mapAt(args: readonly Value[], at: number): ReadonlyMap<string, Value> {
  const found = args[at] ?? null;
  return isMap(found) ? found : wrong("a map", found);
}

function wrong(what: string, found: Value | undefined): never {
  throw new StatementError(`${what} is expected, not ${typeof found}`);
}
