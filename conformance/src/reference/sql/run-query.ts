import { evaluate, type Frame, type Run, type Scope } from "./evaluate.ts";
import type { SqlRules } from "./sql-rules.ts";
import { byKeys, inOrder, type Output, type Result } from "./row-order.ts";
import type { Column, Table } from "./table.ts";
import type { Body, Call, Expression, Query, Relation, Select } from "./syntax.ts";
import { isList, isMap, keyOf, Row, StatementError, type Value } from "./value.ts";

/**
 * Runs a query.
 * @param store rows of an event data store; throws where it may not be read
 */
export function runQuery(statement: string, query: Query, store: (id: string) => Table, rules: SqlRules): Table {
  const within = (tables: ReadonlyMap<string, Table>): Run => ({
    rules,
    statement,
    query: (inner, outer) => whole(inner, outer, tables),
  });
  const whole = (inner: Query, outer: Scope | undefined, known: ReadonlyMap<string, Table>): Table => {
    const tables = new Map(known);
    for (const [name, table] of inner.tables)
      tables.set(name.toLowerCase(), whole(table, outer, rules.seesEarlier ? tables : known));
    const run = within(tables);
    const { columns, outputs } = bodyOf(inner.body, run, outer, (relation) => relationOf(relation, run, outer, tables));
    const sorted = rules.sorts ? inOrder({ columns, outputs }, inner.order, run) : outputs;
    const limit = inner.limit === undefined ? sorted.length : rules.limit(inner.limit);
    return { columns, rows: sorted.slice(0, limit).map(({ values }) => values) };
  };
  const relationOf = (
    relation: Relation,
    run: Run,
    outer: Scope | undefined,
    tables: ReadonlyMap<string, Table>,
  ): Table => {
    switch (relation.kind) {
      case "store":
        return called(store(relation.name.toLowerCase()), rules.qualifier(relation.alias));
      case "name": {
        const table = tables.get(relation.name.toLowerCase()) ?? rules.otherTable(relation.name);
        if (table === undefined) throw new StatementError(`'${relation.name}' is no event data store`);
        return called(table, relation.alias ?? relation.name);
      }
      case "query":
        return called(derived(whole(relation.query, outer, tables), rules), relation.alias);
      case "unnest":
        return unnest(relation, { columns: [], row: [], outer }, run);
      case "join":
        return join(relation, run, outer, (one) => relationOf(one, run, outer, tables));
      default:
        throw new StatementError("No relation");
    }
  };
  return whole(query, undefined, new Map());
}

const derived = ({ columns, rows }: Table, rules: SqlRules): Table => ({
  columns: columns.map(({ name }, at) => ({ name: rules.derived(name, at) })),
  rows,
});

const called = ({ columns, rows }: Table, alias: string | undefined): Table => ({
  columns: columns.map(({ name, of }) => ({ name, of: alias ?? of })),
  rows,
});

function unnest({ of, alias, names }: Extract<Relation, { kind: "unnest" }>, scope: Scope, run: Run): Table {
  const value = evaluate(of, { scope, run });
  const columns = names.map((name) => ({ name, of: alias }));
  if (isMap(value)) return { columns, rows: [...value].map(run.rules.entries) };
  const rows = isList(value)
    ? run.rules.items(value).map((one) => (one instanceof Row ? one.fields.map(([, field]) => field) : [one]))
    : [];
  return { columns, rows };
}

function join(
  { left, right, outer: keeps, on }: Extract<Relation, { kind: "join" }>,
  run: Run,
  outer: Scope | undefined,
  tableOf: (relation: Relation) => Table,
): Table {
  const first = tableOf(left);
  const second = right.kind === "unnest" ? undefined : tableOf(right);
  const rows: (readonly Value[])[] = [];
  let columns: readonly Column[] = [...first.columns, ...(second?.columns ?? [])];
  for (const row of first.rows) {
    const scope = { columns: first.columns, row, outer };
    const table = right.kind === "unnest" ? unnest(right, scope, run) : second!;
    columns = [...first.columns, ...table.columns];
    const pairs = table.rows.map((other) => [...row, ...other]);
    const found =
      on === undefined
        ? pairs.slice(0, run.rules.crossed(pairs.length))
        : pairs.filter((both) => run.rules.joins(evaluate(on, { scope: { columns, row: both, outer }, run })));
    rows.push(...found);
    if (keeps && run.rules.leftJoinKeeps && found.length === 0) rows.push([...row, ...table.columns.map(() => null)]);
  }
  return { columns, rows };
}

function bodyOf(body: Body, run: Run, outer: Scope | undefined, tableOf: (relation: Relation) => Table): Result {
  if (body.kind === "select") return selectOf(body, run, outer, tableOf(body.from));
  const { rules } = run;
  const [left, right] = [body.left, body.right].map((side) => bodyOf(side, run, outer, tableOf));
  if (left!.columns.length !== right!.columns.length) throw new StatementError("The sides have other columns");
  const all = [...left!.outputs, ...right!.outputs].map(({ values }) => ({ values }));
  const { columns } = left!;
  if (body.kind === "union") {
    const keeps = body.all ? rules.unionAllKeeps : rules.unionKeeps;
    return { columns, outputs: keeps ? all : withoutDuplicates(all) };
  }
  const { kind } = body;
  const there = new Set(right!.outputs.map(({ values }) => keyOf(values)));
  const kept = left!.outputs.filter(({ values }) => rules.setKeeps(kind, there.has(keyOf(values))));
  return { columns, outputs: withoutDuplicates(kept.map(({ values }) => ({ values }))) };
}

function selectOf(select: Select, run: Run, outer: Scope | undefined, { columns, rows }: Table): Result {
  const { rules } = run;
  const { where, items } = select;
  const scopes = rows
    .map((row): Scope => ({ columns, row, outer }))
    .filter((scope) => where === undefined || evaluate(where, { scope, run }) === true);
  const expressions = items === "*" ? [] : items.map(({ of }) => of);
  const isGrouped =
    select.group !== undefined ||
    callsIn([...expressions, select.having]).some(
      ({ name, over }) => over === undefined && name.toLowerCase() in rules.aggregates,
    );
  const grouped: readonly Frame[] = isGrouped
    ? groupsOf(select, expressions, scopes, { columns, row: [], outer }, run)
    : scopes.map((scope) => ({ scope, run }));
  const kept = grouped.filter(
    (frame) => select.having === undefined || !rules.filtersGroups || evaluate(select.having, frame) === true,
  );
  const windows = callsIn(expressions).filter(({ name, over }) => over !== undefined && /^row_number$/i.test(name));
  const frames = windows.length === 0 ? kept : numbered(windows, kept);
  const outputs = frames.map((frame) => ({
    values: items === "*" ? frame.scope.row : expressions.map((of) => evaluate(of, frame)),
    frame,
  }));
  return {
    columns: items === "*" ? columns : items.map(({ of, alias }, at) => ({ name: rules.columnName(of, alias, at) })),
    outputs: select.distinct && rules.distinct ? withoutDuplicates(outputs) : outputs,
  };
}

function groupsOf(
  { group = [] }: Select,
  items: readonly Expression[],
  scopes: readonly Scope[],
  nothing: Scope,
  run: Run,
): readonly Frame[] {
  const { rules } = run;
  const keys = group.map((of) =>
    of.kind === "literal" && typeof of.value === "bigint" && rules.takesPlaces
      ? (items[Number(of.value) - 1] ?? of)
      : of,
  );
  const groups = new Map<string, Scope[]>();
  for (const scope of scopes) {
    const values = keys.map((of) => evaluate(of, { scope, run }));
    if (!rules.groupsNulls && values.includes(null)) continue;
    const key = keyOf(values);
    groups.set(key, [...(groups.get(key) ?? []), scope]);
  }
  if (keys.length === 0 && groups.size === 0 && rules.aggregatesNothing) groups.set("", []);
  return [...groups.values()].map((rows) => ({ scope: rows[0] ?? nothing, group: rows, run }));
}

/** Frames with the values of row_number. */
function numbered(windows: readonly Call[], frames: readonly Frame[]): readonly Frame[] {
  const values = frames.map(() => new Map<Call, Value>());
  for (const call of windows) {
    const { partition, order } = call.over!;
    const counts = new Map<string, bigint>();
    const indexed = frames.map((frame, index) => ({ frame, index }));
    const sorted = indexed.toSorted((a, b) => byKeys(order, a.frame, b.frame));
    for (const { frame, index } of sorted) {
      const key = keyOf(partition.map((of) => evaluate(of, frame)));
      const count = (counts.get(key) ?? 0n) + 1n;
      counts.set(key, count);
      values[index]!.set(call, count);
    }
  }
  return frames.map((frame, index) => ({ ...frame, windows: values[index] }));
}

function withoutDuplicates(outputs: readonly Output[]): readonly Output[] {
  const seen = new Set<string>();
  return outputs.filter(({ values }) => {
    const key = keyOf(values);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Calls in an expression, not those of queries within it. */
function callsIn(node: unknown): readonly Call[] {
  if (typeof node !== "object" || node === null || ("body" in node && "tables" in node)) return [];
  const inner = Object.values(node).flatMap(callsIn);
  return isCall(node) ? [node, ...inner] : inner;
}

function isCall(node: object): node is Call {
  return "kind" in node && node.kind === "call";
}
