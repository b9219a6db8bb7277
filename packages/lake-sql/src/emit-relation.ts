import type { Expression, Identifier, Relation } from "./ast.ts";
import { comparable } from "./emit-comparison.ts";
import { setScopeCommons } from "./emit-expression.ts";
import type { CommonTables, Emission } from "./emission.ts";
import { assertPlain } from "./grouping-check.ts";
import { truth } from "./shared-type.ts";
import { LakeSqlError } from "./lake-sql-error.ts";
import { Scope, type ScopeColumn, type ScopeRelation } from "./scope.ts";
import { quoted } from "./sql-text.ts";
import { bigint, commonType, unknownType } from "./sql-type.ts";

export interface EmittedRelation {
  readonly sql: string;
  readonly relations: readonly ScopeRelation[];
  /** The SQL sees what stands left of it in FROM. */
  readonly lateral?: boolean;
}

const storeId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** DuckDB's form of what stands in FROM; `left` is what a lateral part of it may refer to. */
export function emitRelation(
  relation: Relation,
  left: readonly ScopeRelation[],
  parent: Scope | undefined,
  commons: CommonTables,
  emission: Emission,
): EmittedRelation {
  const { at } = relation;
  switch (relation.kind) {
    case "table":
      return table(relation.name, commons, emission);
    case "subquery": {
      const query = emission.query(relation.query, relation.lateral ? new Scope(left, parent) : parent, commons);
      const name = emission.fresh("r");
      return {
        sql: `(${query.sql}) AS ${name}`,
        relations: [{ alias: undefined, columns: qualified(query.columns, name) }],
        lateral: relation.lateral,
      };
    }
    case "unnest": {
      const scope = new Scope(left, parent);
      setScopeCommons(scope, commons);
      return unnest(relation, scope, emission);
    }
    case "alias": {
      const of = emitRelation(relation.of, left, parent, commons, emission);
      let columns = of.relations.flatMap((inner) => inner.columns);
      const names = relation.columns;
      if (names !== undefined) {
        const shown = columns.filter((column) => column.hidden !== true);
        if (names.length !== shown.length)
          emission.fail(
            relation.at,
            `'${relation.name.text}' names ${names.length} columns, there are ${shown.length}`,
          );
        columns = shown.map((column, index) => ({
          ...column,
          name: names[index]?.text.toLowerCase(),
          label: names[index]?.text,
        }));
      }
      return { ...of, relations: [{ alias: relation.name.text.toLowerCase(), columns }] };
    }
    case "sample": {
      const of = emitRelation(relation.of, left, parent, commons, emission);
      if (of.lateral === true || isJoin(relation.of))
        emission.fail(at, "TABLESAMPLE takes a table or a query, neither UNNEST and LATERAL nor a join");
      // The number is one of the grammar's: digits, a point, an exponent.
      return { ...of, sql: `${of.sql} TABLESAMPLE BERNOULLI (${relation.percent} PERCENT)` };
    }
    case "join":
      return join(relation, left, parent, commons, emission);
  }
  return emission.fail(at, "this relation is not supported");
}

const isJoin = (relation: Relation): boolean =>
  relation.kind === "join" || (relation.kind === "alias" && isJoin(relation.of));

const qualified = (columns: readonly ScopeColumn[], name: string): ScopeColumn[] =>
  columns.map((column) => ({
    name: column.name,
    label: column.label,
    type: column.type,
    sql: `${name}.${column.sql}`,
  }));

function table(name: Identifier, commons: CommonTables, emission: Emission): EmittedRelation {
  const alias = emission.fresh("r");
  const common = commons.get(name.text.toLowerCase());
  if (common !== undefined) {
    return {
      sql: `${common.sql} AS ${alias}`,
      relations: [{ alias: name.text.toLowerCase(), columns: qualified(common.columns, alias) }],
    };
  }
  const id = name.text.toLowerCase();
  if (!storeId.test(id)) emission.fail(name.at, `'${name.text}' is not the id of an event data store`);
  const found = emission.resolve(id);
  if (found === undefined)
    throw new LakeSqlError(`Event data store ${id} does not exist, or you may not query it.`, {
      code: "EVENT_DATA_STORE_NOT_FOUND",
      storeId: id,
    });
  const use = emission.uses.push({ storeId: id }) - 1;
  const columns = found.columns.map((column): ScopeColumn => ({
    name: column.name,
    label: column.name,
    sql: `${alias}.${quoted(column.name)}`,
    type: column.type,
    hidden: column.hidden,
    timeOf: column.name === "eventtime" ? use : undefined,
  }));
  return { sql: `${quoted(found.name)} AS ${alias}`, relations: [{ alias: id, columns }] };
}

/** UNNEST as a lateral query: arrays side by side, shorter ones filled with null, a map as two columns, an array of rows as its fields. */
function unnest(relation: Extract<Relation, { kind: "unnest" }>, scope: Scope, emission: Emission): EmittedRelation {
  const inner: string[] = [];
  const outer: string[] = [];
  const columns: ScopeColumn[] = [];
  const lengths: string[] = [];
  const name = emission.fresh("r");
  const add = (sql: string, type: ScopeColumn["type"]): void => {
    columns.push({ name: undefined, label: undefined, sql: `${name}."c${columns.length}"`, type });
    outer.push(`${sql} AS "c${columns.length - 1}"`);
  };
  const unnested = (list: string): string => {
    inner.push(`unnest(${list}) AS "u${inner.length}"`);
    return `"u${inner.length - 1}"`;
  };
  for (const arg of relation.args) {
    const of = emission.expression(arg, scope);
    if (of.type.kind === "map") {
      add(unnested(`map_keys(${of.sql})`), of.type.key);
      add(unnested(`map_values(${of.sql})`), of.type.value);
    } else if (of.type.kind === "array") {
      const item = unnested(of.sql);
      const element = of.type.element;
      if (element.kind === "row")
        element.fields.forEach((field, index) =>
          add(
            `struct_extract(${item}, ${field.name === "" ? index + 1 : `'${field.name.replaceAll("'", "''")}'`})`,
            field.type,
          ),
        );
      else add(item, element);
    } else emission.fail(arg.at, "UNNEST takes arrays and maps");
    lengths.push(`coalesce(len(${of.type.kind === "map" ? `map_keys(${of.sql})` : of.sql}), 0)`);
  }
  if (relation.ordinality) add(unnested(`range(1, greatest(${lengths.join(", ")}) + 1)`), bigint);
  const sql = `(SELECT ${outer.join(", ")} FROM (SELECT ${inner.join(", ")})) AS ${name}`;
  return { sql, relations: [{ alias: undefined, columns }], lateral: true };
}

function join(
  relation: Extract<Relation, { kind: "join" }>,
  outer: readonly ScopeRelation[],
  parent: Scope | undefined,
  commons: CommonTables,
  emission: Emission,
): EmittedRelation {
  const left = emitRelation(relation.left, outer, parent, commons, emission);
  const right = emitRelation(relation.right, [...outer, ...left.relations], parent, commons, emission);
  const word = `${relation.join} JOIN${right.lateral === true ? " LATERAL" : ""}`;
  const nestedRight = relation.right.kind === "join" ? `(${right.sql})` : right.sql;
  const head = `${left.sql} ${word} ${nestedRight}`;
  const scope = new Scope([...left.relations, ...right.relations], parent);
  setScopeCommons(scope, commons);
  if (relation.using !== undefined) return joinUsing(relation.join, relation.using, left, right, head, emission);
  const on = (of: Expression): string => {
    assertPlain(of, "JOIN", emission);
    return ` ON ${truth(emission.expression(of, scope), of.at, "ON", emission)}`;
  };
  return { sql: relation.on === undefined ? head : head + on(relation.on), relations: scope.relations };
}

function joinUsing(
  kind: string,
  using: readonly Identifier[],
  left: EmittedRelation,
  right: EmittedRelation,
  head: string,
  emission: Emission,
): EmittedRelation {
  const shared = using.map((name) => {
    const [a, b] = [left, right].map((side) => new Scope(side.relations).resolve([name]));
    if (typeof a !== "object" || typeof b !== "object")
      return emission.fail(name.at, `column '${name.text}' is not on both sides of the join, once each`);
    const [x, y] = comparable(a, b, name.at, emission);
    const value = kind === "FULL" ? `coalesce(${a.sql}, ${b.sql})` : kind === "RIGHT" ? b.sql : a.sql;
    const column: ScopeColumn = {
      name: name.text.toLowerCase(),
      label: name.text,
      sql: value,
      type: commonType([a.type, b.type, unknownType]),
    };
    return { column, on: `${x} = ${y}` };
  });
  const names = new Set(shared.map(({ column }) => column.name));
  const rest = [...left.relations, ...right.relations].map((inner) => ({
    ...inner,
    columns: inner.columns.filter((column) => !names.has(column.name)),
  }));
  return {
    sql: `${head} ON ${shared.map(({ on }) => on).join(" AND ")}`,
    relations: [{ alias: undefined, columns: shared.map(({ column }) => column) }, ...rest],
  };
}
