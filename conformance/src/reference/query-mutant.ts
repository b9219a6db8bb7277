import type { Members } from "../core/members.ts";
import type { Mutant } from "./mutant.ts";
import { type QueryRules, queryRules } from "./query-rules.ts";
import type { SqlRules } from "./sql/sql-rules.ts";

/** A defect in queries. */
export function inQuery(name: string, kills: readonly string[], change: Partial<QueryRules>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, query: { ...rules.query, ...change } }) };
}

/** A defect in what a statement means. */
export function inSql(name: string, kills: readonly string[], change: Partial<SqlRules>): Mutant {
  return inQuery(name, kills, { sql: { ...queryRules.sql, ...change } });
}

const queries = /Query|Queries/;

/** A defect in what operations of queries answer. */
export function inQueryAnswer(name: string, kills: readonly string[], change: (output: Members) => Members): Mutant {
  return {
    name,
    kills,
    change: (rules) => ({
      ...rules,
      control: {
        ...rules.control,
        answer: (operation, output) => (queries.test(operation) ? change({ ...output }) : output),
      },
    }),
  };
}

/**
 * A defect in what operations of queries take.
 * @param forgives whether a member that breaks its constraint is taken
 * @param change what else is other
 */
export function inQueryShape(
  name: string,
  kills: readonly string[],
  forgives: (problem: { readonly member: string; readonly value: unknown }) => boolean,
  change: Partial<QueryRules> = {},
): Mutant {
  return {
    name,
    kills,
    change: (rules) => ({
      ...rules,
      query: { ...rules.query, ...change },
      control: {
        ...rules.control,
        shape: (operation, input) =>
          rules.control.shape(operation, input).filter(({ path }) => {
            const [, member = ""] = path.split("/");
            return !queries.test(operation) || !forgives({ member, value: input[member] });
          }),
      },
    }),
  };
}
