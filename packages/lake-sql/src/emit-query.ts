import type { Expression, Query, QueryBody, Select, SelectItem, SortItem } from "./ast.ts";
import { direction } from "./emit-call.ts";
import { setColumn } from "./emit-comparison.ts";
import { writtenKey } from "./expression-parts.ts";
import { setScopeCommons } from "./emit-expression.ts";
import { emitRelation } from "./emit-relation.ts";
import type { CommonTables, EmittedQuery, Emission } from "./emission.ts";
import { Scope, type Emitted, type ScopeColumn, type ScopeRelation } from "./scope.ts";
import { commonType } from "./sql-type.ts";
import { assertGrouped, hasAggregate } from "./grouping-check.ts";
import { gatherTimeBounds } from "./time-bounds.ts";

/** DuckDB's form of a query. Its columns are named "c0", "c1" ..., so that no name of the user's reaches the engine. */
export function emitQuery(
  query: Query,
  parent: Scope | undefined,
  outer: CommonTables,
  emission: Emission,
): EmittedQuery {
  const commons = new Map(outer);
  const withs = query.with.map((common) => {
    const inner = emission.query(common.query, parent, commons);
    const name = emission.fresh("q");
    if (common.columns !== undefined && common.columns.length !== inner.columns.length)
      emission.fail(
        common.name.at,
        `'${common.name.text}' names ${common.columns.length} columns, its query has ${inner.columns.length}`,
      );
    const columns = inner.columns.map((column, index) => {
      const given = common.columns?.[index]?.text;
      return given === undefined ? column : { ...column, name: given.toLowerCase(), label: given };
    });
    commons.set(common.name.text.toLowerCase(), { sql: name, columns });
    return `${name} AS (${inner.sql})`;
  });
  const body = emitBody(query.body, query.orderBy, parent, commons, emission);
  let sql = body.sql;
  if (withs.length > 0) sql = `WITH ${withs.join(", ")} ${sql}`;
  if (query.limit !== undefined) sql += ` LIMIT ${query.limit}`;
  if (query.offset !== undefined) sql += ` OFFSET ${query.offset}`;
  return { sql, columns: body.columns };
}

function emitBody(
  body: QueryBody,
  orderBy: readonly SortItem[],
  parent: Scope | undefined,
  commons: CommonTables,
  emission: Emission,
): EmittedQuery {
  const { at } = body;
  switch (body.kind) {
    case "select":
      return emitSelect(body, orderBy, parent, commons, emission);
    case "nested": {
      const inner = emission.query(body.query, parent, commons);
      return {
        sql: `SELECT * FROM (${inner.sql}) AS ${emission.fresh("r")}${sortByOutput(orderBy, inner.columns, emission)}`,
        columns: inner.columns,
      };
    }
    case "values": {
      const scope = new Scope([], parent);
      setScopeCommons(scope, commons);
      const rows = body.rows.map((row) => row.map((item) => emission.expression(item, scope)));
      const width = rows[0]?.length ?? 0;
      if (rows.some((row) => row.length !== width)) emission.fail(body.at, "the rows of VALUES have different lengths");
      const columns = (rows[0] ?? []).map((_, index) =>
        unnamed(index, commonType(rows.map((row) => row[index]?.type ?? { kind: "unknown" }))),
      );
      const text = rows.map((row) => `(${row.map((item) => item.sql).join(", ")})`).join(", ");
      return {
        sql: `SELECT * FROM (VALUES ${text}) AS ${emission.fresh("r")}(${columns.map((column) => column.sql).join(", ")})${sortByOutput(orderBy, columns, emission)}`,
        columns,
      };
    }
    case "set": {
      const left = emitBody(body.left, [], parent, commons, emission);
      const right = emitBody(body.right, [], parent, commons, emission);
      if (left.columns.length !== right.columns.length)
        emission.fail(body.at, `${body.op} joins ${left.columns.length} columns with ${right.columns.length}`);
      const types = left.columns.map((column, index) =>
        setColumn(column.type, right.columns[index]?.type ?? column.type, body.at, emission),
      );
      const columns = left.columns.map((column, index) => ({ ...column, type: types[index]?.type ?? column.type }));
      const side = (sql: string, cast: (type: (typeof types)[number]) => boolean): string => {
        if (!types.some(cast)) return `(${sql})`;
        const list = types.map((type, index) =>
          cast(type) ? `TRY_CAST("c${index}" AS TIMESTAMPTZ) AS "c${index}"` : `"c${index}"`,
        );
        return `(SELECT ${list.join(", ")} FROM (${sql}) AS ${emission.fresh("r")})`;
      };
      const [first, second] = [side(left.sql, (type) => type.castLeft), side(right.sql, (type) => type.castRight)];
      return {
        sql: `${first} ${body.op}${body.all ? " ALL" : ""} ${second}${sortByOutput(orderBy, columns, emission)}`,
        columns,
      };
    }
  }
  return emission.fail(at, "this query is not supported");
}

const unnamed = (index: number, type: ScopeColumn["type"]): ScopeColumn => ({
  sql: `"c${index}"`,
  type,
  name: undefined,
  label: undefined,
});

function emitSelect(
  select: Select,
  orderBy: readonly SortItem[],
  parent: Scope | undefined,
  commons: CommonTables,
  emission: Emission,
): EmittedQuery {
  const from = select.from === undefined ? undefined : emitRelation(select.from, [], parent, commons, emission);
  const scope = new Scope(from?.relations ?? [], parent);
  setScopeCommons(scope, commons);
  const items = select.items.flatMap((item) => selectItem(item, scope, emission));
  const columns = items.map((item, index): ScopeColumn => ({
    ...unnamed(index, item.value.type),
    name: item.label?.toLowerCase(),
    label: item.label,
  }));
  let sql = `SELECT ${select.distinct ? "DISTINCT " : ""}${items.map((item, index) => `${item.value.sql} AS "c${index}"`).join(", ")}`;
  if (from !== undefined) sql += ` FROM ${from.sql}`;
  if (select.where !== undefined) {
    if (hasAggregate(select.where)) emission.fail(select.where.at, "WHERE clause cannot contain aggregations");
    sql += ` WHERE ${emission.expression(select.where, scope).sql}`;
    gatherTimeBounds(select.where, scope, emission.uses);
  }
  if (select.groupBy.length > 0) sql += ` GROUP BY ${grouping(select, items, scope, emission)}`;
  if (
    select.groupBy.length > 0 ||
    select.having !== undefined ||
    items.some(({ of }) => of !== undefined && hasAggregate(of))
  )
    checkGroups(select, items, scope, emission);
  if (select.having !== undefined) sql += ` HAVING ${emission.expression(select.having, scope).sql}`;
  return { sql: sql + sortSelect(orderBy, items, scope, emission), columns };
}

interface OutputItem {
  readonly value: Emitted;
  /** Undefined for a column of `*`. */
  readonly of: Expression | undefined;
  readonly label: string | undefined;
}

function selectItem(item: SelectItem, scope: Scope, emission: Emission): readonly OutputItem[] {
  if (item.kind === "expression")
    return [
      { of: item.of, value: emission.expression(item.of, scope), label: item.alias?.text ?? lastIdentifier(item.of) },
    ];
  const wanted = item.of?.text.toLowerCase();
  const relations: readonly ScopeRelation[] =
    wanted === undefined ? scope.relations : scope.relations.filter((relation) => relation.alias === wanted);
  if (relations.length === 0) {
    const row = item.of === undefined ? undefined : scope.resolve([item.of]);
    if (typeof row === "object" && row.type.kind === "row")
      emission.fail(item.at, "a row cannot be expanded with .*; name its fields");
    emission.fail(item.at, item.of === undefined ? "SELECT * needs FROM" : `'${item.of.text}' cannot be resolved`);
  }
  return relations.flatMap((relation) =>
    relation.columns
      .filter((column) => column.hidden !== true)
      .map((column) => ({ of: undefined, value: column, label: column.label })),
  );
}

function lastIdentifier(of: Expression): string | undefined {
  if (of.kind === "name") return of.parts.at(-1)?.text;
  return of.kind === "field" ? of.name.text : undefined;
}

function grouping(select: Select, items: readonly OutputItem[], scope: Scope, emission: Emission): string {
  const one = (item: Expression): string => {
    const index = position(item, items.length, emission) ?? writtenAlike(item, items);
    return index === undefined ? emission.expression(item, scope).sql : String(index);
  };
  const set = (list: readonly Expression[]): string => `(${list.map(one).join(", ")})`;
  return select.groupBy
    .map((element) => {
      if (element.kind === "simple") return element.items.length === 0 ? "()" : element.items.map(one).join(", ");
      return `${element.kind} (${element.sets.map(set).join(", ")})`;
    })
    .join(", ");
}

/** The position of the select item that is written like this expression: generated names in it differ each time it is emitted. */
function writtenAlike(of: Expression, items: readonly OutputItem[]): number | undefined {
  const key = writtenKey(of);
  const index = items.findIndex(
    (item) => item.of !== undefined && item.of.kind !== "string" && writtenKey(item.of) === key,
  );
  return index < 0 ? undefined : index + 1;
}

function checkGroups(select: Select, items: readonly OutputItem[], scope: Scope, emission: Emission): void {
  const groups = select.groupBy.flatMap((element) => (element.kind === "simple" ? element.items : element.sets.flat()));
  const emitted = groups.map((item) => {
    const at = position(item, items.length, emission);
    return at === undefined ? emission.expression(item, scope).sql : (items[at - 1]?.value.sql ?? "");
  });
  const known = { written: new Set(groups.map(writtenKey)), emitted: new Set(emitted) };
  for (const item of items) {
    if (known.emitted.has(item.value.sql)) continue;
    if (item.of === undefined)
      emission.fail(select.at, `'${item.label ?? "*"}' must be an aggregate expression or appear in GROUP BY clause`);
    assertGrouped(item.of, known, scope, emission);
  }
  if (select.having !== undefined) assertGrouped(select.having, known, scope, emission);
}

/** `ORDER BY 2`: the position of a select item, checked. */
function position(item: Expression, count: number, emission: Emission): number | undefined {
  if (item.kind !== "number" || item.form !== "integer") return undefined;
  const index = Number(item.text);
  if (index < 1 || index > count) emission.fail(item.at, `position ${item.text} is not in the select list`);
  return index;
}

function sortSelect(
  orderBy: readonly SortItem[],
  items: readonly OutputItem[],
  scope: Scope,
  emission: Emission,
): string {
  if (orderBy.length === 0) return "";
  const byLabel = new Map<string, Emitted>();
  for (const { label, value } of items)
    if (label !== undefined && !byLabel.has(label.toLowerCase())) byLabel.set(label.toLowerCase(), value);
  // Trino looks an ORDER BY name up among the output columns first, then in FROM.
  const sortScope = new Scope(scope.relations, scope, byLabel);
  const keys = orderBy.map((item) => {
    const at = position(item.of, items.length, emission);
    if (at !== undefined) return `${at} ${direction(item)}`;
    const alike = byLabel.size === 0 || item.of.kind !== "name" ? writtenAlike(item.of, items) : undefined;
    if (alike !== undefined) return `${alike} ${direction(item)}`;
    const { sql } = emission.expression(item.of, sortScope);
    const same = items.findIndex(({ value }) => value.sql === sql);
    return same < 0 ? `(${sql}) ${direction(item)}` : `${same + 1} ${direction(item)}`;
  });
  return ` ORDER BY ${keys.join(", ")}`;
}

/** ORDER BY of a set operation: its output columns only. */
function sortByOutput(orderBy: readonly SortItem[], columns: readonly ScopeColumn[], emission: Emission): string {
  if (orderBy.length === 0) return "";
  const keys = orderBy.map((item) => {
    const at = position(item.of, columns.length, emission);
    const name =
      item.of.kind === "name" && item.of.parts.length === 1 ? item.of.parts[0]?.text.toLowerCase() : undefined;
    const found = at ?? columns.findIndex((column) => name !== undefined && column.name === name) + 1;
    if (found === 0) emission.fail(item.of.at, "ORDER BY here takes a column of the result, by name or position");
    return `${found} ${direction(item)}`;
  });
  return ` ORDER BY ${keys.join(", ")}`;
}
