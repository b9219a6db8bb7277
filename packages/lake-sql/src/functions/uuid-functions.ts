import { varchar } from "../sql-type.ts";
import { literal } from "../sql-text.ts";
import { typeName } from "../sql-type.ts";
import { scalar, typeOf, type FunctionRow } from "./function-row.ts";

export const uuidFunctions: readonly FunctionRow[] = [
  scalar("uuid", 0, { kind: "uuid" }, () => "uuid()"),
  {
    name: "typeof",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({ sql: literal(of === undefined ? "" : typeName(of.type)), type: varchar }),
  },
  scalar("greatest", [1, 16], typeOf(0), (...args) => nullIfAnyNull("greatest", args)),
  scalar("least", [1, 16], typeOf(0), (...args) => nullIfAnyNull("least", args)),
];

// Trino's answer null when any argument is; DuckDB's skip nulls.
const nullIfAnyNull = (name: string, args: readonly string[]): string =>
  `CASE WHEN ${args.map((arg) => `(${arg}) IS NOT NULL`).join(" AND ")} THEN ${name}(${args.join(", ")}) END`;
