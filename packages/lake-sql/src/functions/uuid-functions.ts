import { coerced, mixable } from "../shared-type.ts";
import { literal } from "../sql-text.ts";
import { commonType, typeName, varchar } from "../sql-type.ts";
import { scalar, type FunctionRow } from "./function-row.ts";

export const uuidFunctions: readonly FunctionRow[] = [
  scalar("uuid", 0, { kind: "uuid" }, () => "uuid()"),
  {
    name: "typeof",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({ sql: literal(of === undefined ? "" : typeName(of.type)), type: varchar }),
  },
  ...["greatest", "least"].map((name): FunctionRow => ({
    name,
    kind: "scalar",
    arity: [1, 16],
    emit: (args, context) => {
      const [first] = args;
      const other = args.find(({ type }) => first !== undefined && !mixable(first.type, type));
      if (first !== undefined && other !== undefined)
        context.fail(`'${name}' mixes ${typeName(first.type)} and ${typeName(other.type)}; cast one of them`);
      const type = commonType(args.map((arg) => arg.type));
      return {
        sql: nullIfAnyNull(
          name,
          args.map((arg) => coerced(arg, type)),
        ),
        type,
      };
    },
  })),
];

// Trino's answer null when any argument is; DuckDB's skip nulls.
const nullIfAnyNull = (name: string, args: readonly string[]): string =>
  `CASE WHEN ${args.map((arg) => `(${arg}) IS NOT NULL`).join(" AND ")} THEN ${name}(${args.join(", ")}) END`;
