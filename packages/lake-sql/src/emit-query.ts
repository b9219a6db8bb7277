import type { Expression, Query, QueryBody, Select, SelectItem, SortItem } from "./ast.ts";
import { direction } from "./emit-call.ts";
import { setColumn } from "./emit-comparison.ts";
import { writtenKey } from "./expression-parts.ts";
import { setScopeCommons } from "./emit-expression.ts";
import { emitRecursion } from "./emit-recursion.ts";
import { emitRelation } from "./emit-relation.ts";
import type { CommonTables, EmittedQuery, Emission } from "./emission.ts";
import { Scope, type Emitted, type ScopeColumn, type ScopeRelation } from "./scope.ts";
import { assertGrouped, assertPlain, hasAggregate, hasWindow } from "./grouping-check.ts";
import { coerced, sharedType, truth } from "./shared-type.ts";
import { gatherTimeBounds } from "./time-bounds.ts";

/** DuckDB's form of a query. Its columns are named "c0", "c1" ..., so that no name of the user's reaches the engine. */
export function emitQuery(
  query: Query,
  parent: Scope | undefined,
  outer: CommonTables,
  emission: Emission,
): EmittedQuery {
  const commons = new Map(outer);
  const withs = query.with.flatMap((common) => {
    const recursion = common.recursive ? emitRecursion(common, parent, commons, emission) : undefined;
    if (recursion !== undefined) {
      commons.set(common.name.text.toLowerCase(), recursion);
      return recursion.withs;
    }
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
  const body = emitBody(query.body, query.orderBy, parent, commons, emission, query.ties);
  let sql = query.ties ? withTies(query, body, emission) : body.sql + orderOf(body);
  if (withs.length > 0) sql = `WITH ${withs.join(", ")} ${sql}`;
  if (query.limit !== undefined && !query.ties) sql += ` LIMIT ${query.limit}`;
  if (query.offset !== undefined && !query.ties) sql += ` OFFSET ${query.offset}`;
  return { sql, columns: body.columns };
}

/** A query's body with what it is sorted by, as ORDER BY behind it names it. */
interface EmittedBody extends EmittedQuery {
  readonly keys: readonly string[];
}

const orderOf = ({ keys }: Pick<EmittedBody, "keys">): string =>
  keys.length === 0 ? "" : ` ORDER BY ${keys.join(", ")}`;

/** The rows from the offset on, up to the last one that the order does not tell from the one that the limit ends with. */
function withTies({ limit, offset }: Query, body: EmittedBody, emission: Emission): string {
  const order = orderOf(body);
  const numbered = (from: string, call: string, name: string, condition: string): string =>
    `SELECT * FROM (SELECT *, ${call} OVER (${order.trim()}) AS ${name} FROM (${from}) AS ${emission.fresh("r")}) AS ${emission.fresh("r")} WHERE ${name} ${condition}`;
  const rest = offset === undefined ? body.sql : numbered(body.sql, "row_number()", '"n"', `> ${offset}`);
  const columns = body.columns.map((column) => column.sql).join(", ");
  return `SELECT ${columns} FROM (${numbered(rest, "rank()", '"k"', `<= ${limit}`)}) AS ${emission.fresh("r")}${order}`;
}

/** With `named` its keys are columns of it, some of them besides those of the result. */
function emitBody(
  body: QueryBody,
  orderBy: readonly SortItem[],
  parent: Scope | undefined,
  commons: CommonTables,
  emission: Emission,
  named = false,
): EmittedBody {
  const { at } = body;
  switch (body.kind) {
    case "select":
      return emitSelect(body, orderBy, parent, commons, emission, named);
    case "nested": {
      const inner = emission.query(body.query, parent, commons);
      return {
        sql: `SELECT * FROM (${inner.sql}) AS ${emission.fresh("r")}`,
        columns: inner.columns,
        keys: sortByOutput(orderBy, inner.columns, named, emission),
      };
    }
    case "values": {
      const scope = new Scope([], parent);
      setScopeCommons(scope, commons);
      const rows = body.rows.map((row) => row.map((item) => emission.expression(item, scope)));
      const width = rows[0]?.length ?? 0;
      if (rows.some((row) => row.length !== width)) emission.fail(body.at, "the rows of VALUES have different lengths");
      const columns = (rows[0] ?? []).map((_, index) =>
        unnamed(
          index,
          sharedType(
            rows.map((row) => row[index]?.type ?? { kind: "unknown" }),
            body.at,
            `column ${index + 1} of VALUES`,
            emission,
          ),
        ),
      );
      const text = rows.map((row) => `(${row.map((item) => item.sql).join(", ")})`).join(", ");
      return {
        sql: `SELECT * FROM (VALUES ${text}) AS ${emission.fresh("r")}(${columns.map((column) => column.sql).join(", ")})`,
        columns,
        keys: sortByOutput(orderBy, columns, named, emission),
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
      const side = ({ sql, columns: given }: EmittedQuery, cast: (type: (typeof types)[number]) => boolean): string => {
        const list = types.map((type, index) => {
          const name = `"c${index}"`;
          if (cast(type)) return `TRY_CAST(${name} AS TIMESTAMPTZ) AS ${name}`;
          const value = coerced({ sql: name, type: given[index]?.type ?? type.type }, type.type);
          return value === name ? name : `${value} AS ${name}`;
        });
        if (list.every((text) => /^"c\d+"$/.test(text))) return `(${sql})`;
        return `(SELECT ${list.join(", ")} FROM (${sql}) AS ${emission.fresh("r")})`;
      };
      const [first, second] = [side(left, (type) => type.castLeft), side(right, (type) => type.castRight)];
      return {
        sql: `${first} ${body.op}${body.all ? " ALL" : ""} ${second}`,
        columns,
        keys: sortByOutput(orderBy, columns, named, emission),
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
  named: boolean,
): EmittedBody {
  const from = select.from === undefined ? undefined : emitRelation(select.from, [], parent, commons, emission);
  const scope = new Scope(from?.relations ?? [], parent);
  setScopeCommons(scope, commons);
  const items = select.items.flatMap((item) => selectItem(item, scope, emission));
  const columns = items.map((item, index): ScopeColumn => ({
    ...unnamed(index, item.value.type),
    name: item.label?.toLowerCase(),
    label: item.label,
  }));
  const order = sortSelect(orderBy, items, scope, emission);
  // What a position does not name is a column of its own, so that what is around the query can sort by it too.
  const hidden = select.distinct ? order.findIndex((key) => typeof key.by === "string") : -1;
  if (hidden >= 0)
    emission.fail(orderBy[hidden]?.of.at ?? select.at, "with SELECT DISTINCT, ORDER BY takes what is selected");
  const extra = named ? order.filter((key) => typeof key.by === "string") : [];
  const shown = [
    ...items.map((item, index) => `${item.value.sql} AS "c${index}"`),
    ...extra.map((key, index) => `${key.by} AS "s${index}"`),
  ];
  const keys = order.map((key) => {
    if (typeof key.by === "number") return `${named ? `"c${key.by - 1}"` : key.by} ${key.direction}`;
    return `${named ? `"s${extra.indexOf(key)}"` : `(${key.by})`} ${key.direction}`;
  });
  let sql = `SELECT ${select.distinct ? "DISTINCT " : ""}${shown.join(", ")}`;
  if (from !== undefined) sql += ` FROM ${from.sql}`;
  if (select.where !== undefined) {
    assertPlain(select.where, "WHERE", emission);
    sql += ` WHERE ${truth(emission.expression(select.where, scope), select.where.at, "WHERE", emission)}`;
    gatherTimeBounds(select.where, scope, emission.uses);
  }
  if (select.groupBy.length > 0) sql += ` GROUP BY ${grouping(select, items, scope, emission)}`;
  if (
    select.groupBy.length > 0 ||
    select.having !== undefined ||
    items.some(({ of }) => of !== undefined && hasAggregate(of))
  )
    checkGroups(select, items, scope, emission);
  if (select.having !== undefined) {
    if (hasWindow(select.having)) emission.fail(select.having.at, "HAVING cannot contain window functions");
    sql += ` HAVING ${truth(emission.expression(select.having, scope), select.having.at, "HAVING", emission)}`;
  }
  return { sql, columns, keys };
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
  for (const item of groups) {
    const place = position(item, items.length, emission);
    assertPlain(place === undefined ? item : (items[place - 1]?.of ?? item), "GROUP BY", emission);
  }
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

/** What a query is sorted by: a column of the result by its position, or an expression's SQL. */
interface SortKey {
  readonly by: number | string;
  readonly direction: string;
}

function sortSelect(
  orderBy: readonly SortItem[],
  items: readonly OutputItem[],
  scope: Scope,
  emission: Emission,
): readonly SortKey[] {
  const byLabel = new Map<string, Emitted>();
  for (const { label, value } of items)
    if (label !== undefined && !byLabel.has(label.toLowerCase())) byLabel.set(label.toLowerCase(), value);
  // Trino looks an ORDER BY name up among the output columns first, then in FROM.
  const sortScope = new Scope(scope.relations, scope, byLabel);
  return orderBy.map((item): SortKey => {
    const key = (by: SortKey["by"]): SortKey => ({ by, direction: direction(item) });
    const at = position(item.of, items.length, emission);
    if (at !== undefined) return key(at);
    const alike = byLabel.size === 0 || item.of.kind !== "name" ? writtenAlike(item.of, items) : undefined;
    if (alike !== undefined) return key(alike);
    const { sql } = emission.expression(item.of, sortScope);
    const same = items.findIndex(({ value }) => value.sql === sql);
    return key(same < 0 ? sql : same + 1);
  });
}

/** ORDER BY of a set operation: its output columns only. */
function sortByOutput(
  orderBy: readonly SortItem[],
  columns: readonly ScopeColumn[],
  named: boolean,
  emission: Emission,
): readonly string[] {
  return orderBy.map((item) => {
    const at = position(item.of, columns.length, emission);
    const name =
      item.of.kind === "name" && item.of.parts.length === 1 ? item.of.parts[0]?.text.toLowerCase() : undefined;
    const found = at ?? columns.findIndex((column) => name !== undefined && column.name === name) + 1;
    if (found === 0) emission.fail(item.of.at, "ORDER BY here takes a column of the result, by name or position");
    return `${named ? `"c${found - 1}"` : found} ${direction(item)}`;
  });
}
