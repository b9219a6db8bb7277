import { compare } from "./compare.ts";
import { evaluate, type Frame, type Run } from "./evaluate.ts";
import type { Column } from "./table.ts";
import type { SqlRules } from "./sql-rules.ts";
import type { SortKey } from "./syntax.ts";
import type { Value } from "./value.ts";

/** A row of a result, and where it came from. */
export interface Output {
  readonly values: readonly Value[];
  readonly frame?: Frame;
}

export interface Result {
  readonly columns: readonly Column[];
  readonly outputs: readonly Output[];
}

/** The order of two rows. */
export function byKeys(order: readonly SortKey[], a: Frame, b: Frame): number {
  for (const key of order) {
    const found = byKey(evaluate(key.of, a), evaluate(key.of, b), key, a.run.rules);
    if (found !== 0) return found;
  }
  return 0;
}

function byKey(a: Value, b: Value, { descending, nullsFirst }: SortKey, rules: SqlRules): number {
  if (a === null || b === null) {
    const first = (nullsFirst ?? rules.nullsFirst(descending)) ? -1 : 1;
    return a === b ? 0 : a === null ? first : -first;
  }
  return compare(a, b, rules) * (descending ? -1 : 1);
}

/** The rows of a result in the order that ORDER BY asks for; rows that are equal by it keep theirs. */
export function inOrder({ columns, outputs }: Result, order: readonly SortKey[], run: Run): readonly Output[] {
  const { rules } = run;
  const valueOf = ({ of }: SortKey, { values, frame }: Output): Value => {
    if (of.kind === "literal" && typeof of.value === "bigint" && rules.takesPlaces)
      return values[Number(of.value) - 1] ?? null;
    const at =
      of.kind === "name" && of.parts.length === 1 && rules.takesAliases
        ? columns.findIndex(({ name }) => rules.sameName(name, of.parts[0]!))
        : -1;
    if (at >= 0) return values[at] ?? null;
    return evaluate(of, frame ?? { scope: { columns, row: values }, run });
  };
  const keyed = outputs.map((output) => ({ output, keys: order.map((key) => valueOf(key, output)) }));
  return keyed
    .toSorted((a, b) => {
      for (const [at, key] of order.entries()) {
        const found = byKey(a.keys[at] ?? null, b.keys[at] ?? null, key, rules);
        if (found !== 0) return found;
      }
      return 0;
    })
    .map(({ output }) => output);
}
