import type { CommonTable, Query, QueryBody, Relation } from "./ast.ts";
import type { CommonTables, EmittedQuery, Emission } from "./emission.ts";
import { failing } from "./functions/failing.ts";
import type { Scope, ScopeColumn } from "./scope.ts";
import { coercible, duckdbType, typeName } from "./sql-type.ts";

/** How often the step of a recursion may find rows, as in Trino, where it is `max_recursion_depth` and usually this. */
export const maxRecursionDepth = 10;

type Union = Extract<QueryBody, { kind: "set" }>;

/** A recursion written out: the base, the step as often as it may find rows, and all of it under the table's name. */
export interface EmittedRecursion {
  /** `NAME AS (...)`, in their order. */
  readonly withs: readonly string[];
  readonly sql: string;
  readonly columns: readonly ScopeColumn[];
}

/**
 * A table of WITH RECURSIVE that refers to itself, as Trino runs it: the step is written out ten times, each time over the rows of
 * the time before, and once more, where any row fails the query. Nothing loops in the engine. Undefined for a table that does not
 * refer to itself.
 */
export function emitRecursion(
  { name, columns: names, query }: CommonTable,
  parent: Scope | undefined,
  commons: CommonTables,
  emission: Emission,
): EmittedRecursion | undefined {
  const wanted = name.text.toLowerCase();
  if (references(query, wanted).length === 0) return undefined;
  const { base, step, all } = partsOf(query, wanted, emission);
  const first = emission.query(asQuery(base), parent, commons);
  if (names?.length !== first.columns.length)
    emission.fail(name.at, `'${name.text}' names ${names?.length ?? 0} columns, its query has ${first.columns.length}`);
  const columns = first.columns.map((column, index): ScopeColumn => {
    const given = names?.[index]?.text ?? "";
    return { sql: column.sql, type: column.type, name: given.toLowerCase(), label: given };
  });
  const tables = [emission.fresh("q")];
  const withs = [`${tables[0]} AS (${first.sql})`];
  for (let depth = 1; depth <= maxRecursionDepth + 1; depth++) {
    const before = { sql: tables[depth - 1] ?? "", columns };
    const found = emission.query(asQuery(step), parent, new Map([...commons, [wanted, before]]));
    const table = emission.fresh("q");
    tables.push(table);
    withs.push(`${table} AS (${likeBase(found, columns, step, emission)})`);
  }
  const beyond = tables.pop() ?? "";
  const rows = tables.map((table) => `SELECT * FROM ${table}`).join(all ? " UNION ALL " : " UNION ");
  const whole = emission.fresh("q");
  // Asked once, before any row is given out: a LIMIT does not hide it.
  const converged = `(SELECT CASE WHEN count(*) > 0 THEN ${failing("recursion")} ELSE 0 END FROM ${beyond}) = 0`;
  withs.push(`${whole} AS (SELECT * FROM (${rows}) AS ${emission.fresh("r")} WHERE ${converged})`);
  return { withs, sql: whole, columns };
}

const asQuery = (body: QueryBody): Query => ({
  at: body.at,
  with: [],
  body,
  orderBy: [],
  limit: undefined,
  offset: undefined,
  ties: false,
});

/** The base and the step, held against Trino's rules. */
function partsOf(
  query: Query,
  wanted: string,
  emission: Emission,
): { readonly base: QueryBody; readonly step: QueryBody; readonly all: boolean } {
  const [at = query.at] = references(query, wanted);
  const { body } = query;
  if (query.with.length > 0) emission.fail(query.at, "a recursive query must not begin with WITH");
  if (query.orderBy.length > 0 || query.limit !== undefined || query.offset !== undefined)
    emission.fail(query.at, "a recursive query takes no ORDER BY, LIMIT, FETCH or OFFSET of its own");
  if (!isUnion(body)) return emission.fail(at, "a recursive query is a base, UNION ALL, and a step that refers to it");
  const [inBase] = references(body.left, wanted);
  if (inBase !== undefined) emission.fail(inBase, "the base of a recursion must not refer to the recursion");
  const [inStep = at, more] = references(body.right, wanted);
  if (more !== undefined) emission.fail(more, "the step of a recursion must refer to it once");
  if (!standsInFrom(body.right, wanted))
    emission.fail(
      inStep,
      "a recursion is referred to in FROM of its step, not in a sub-query of an expression, in a set operation or on the side of an outer join that may be missing",
    );
  return { base: body.left, step: body.right, all: body.all };
}

const isUnion = (body: QueryBody): body is Union => body.kind === "set" && body.op === "UNION";

/** Whether the one reference is where each row of the step comes from a row of the time before. */
function standsInFrom(body: QueryBody, wanted: string): boolean {
  if (body.kind === "nested") return standsInQuery(body.query, wanted);
  return body.kind === "select" && body.from !== undefined && standsInRelation(body.from, wanted);
}

const standsInQuery = (query: Query, wanted: string): boolean => standsInFrom(query.body, wanted);

function standsInRelation(relation: Relation, wanted: string): boolean {
  switch (relation.kind) {
    case "table":
      return relation.name.text.toLowerCase() === wanted;
    case "alias":
    case "sample":
      return standsInRelation(relation.of, wanted);
    case "subquery":
      return standsInQuery(relation.query, wanted);
    case "join": {
      const left = standsInRelation(relation.left, wanted) && !["RIGHT", "FULL"].includes(relation.join);
      return left || (standsInRelation(relation.right, wanted) && !["LEFT", "FULL"].includes(relation.join));
    }
    case "unnest":
    default:
      return false;
  }
}

/** The step's rows with the base's types. */
function likeBase(
  { sql, columns }: EmittedQuery,
  base: readonly ScopeColumn[],
  step: QueryBody,
  emission: Emission,
): string {
  if (columns.length !== base.length)
    emission.fail(step.at, `the step of a recursion has ${columns.length} columns, its base ${base.length}`);
  const list = columns.map(({ type }, index) => {
    const to = base[index]?.type ?? type;
    if (!coercible(type, to))
      emission.fail(
        step.at,
        `column ${index + 1} of the step is ${typeName(type)}, which is not read as ${typeName(to)}, the type of the base: cast one of them`,
      );
    return typeName(type) === typeName(to) ? `"c${index}"` : `CAST("c${index}" AS ${duckdbType(to)}) AS "c${index}"`;
  });
  return `SELECT ${list.join(", ")} FROM (${sql}) AS ${emission.fresh("r")}`;
}

/** Where a syntax tree names a table so. A table of WITH inside of it that has the name too counts, and is then refused. */
function references(node: unknown, wanted: string): readonly number[] {
  if (typeof node !== "object" || node === null) return [];
  if (isTable(node)) return node.name.text.toLowerCase() === wanted ? [node.at] : [];
  return Object.values(node).flatMap((part) => references(part, wanted));
}

function isTable(node: object): node is Extract<Relation, { kind: "table" }> {
  return "kind" in node && node.kind === "table";
}
