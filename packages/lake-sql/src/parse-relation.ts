import type { Expression, Identifier, Relation } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

/** What stands after FROM: relations separated by commas, each with its joins. */
export function parseRelations(cursor: Cursor, first?: Relation): Relation {
  let left = joined(cursor, first);
  for (;;) {
    const at = cursor.at;
    if (cursor.accept(",") === undefined) return left;
    left = { kind: "join", at, join: "CROSS", left, right: joined(cursor), on: undefined, using: undefined };
  }
}

function joined(cursor: Cursor, first?: Relation): Relation {
  let left = aliased(cursor, first);
  for (;;) {
    const at = cursor.at;
    if (cursor.is("NATURAL")) throw cursor.error(at, "NATURAL JOIN is not supported: name the columns with USING");
    if (cursor.accept("CROSS") !== undefined) {
      cursor.expect("JOIN");
      left = { kind: "join", at, join: "CROSS", left, right: aliased(cursor), on: undefined, using: undefined };
      continue;
    }
    const side = cursor.accept("INNER", "LEFT", "RIGHT", "FULL");
    if (side === undefined && !cursor.is("JOIN")) return left;
    if (side !== undefined && side !== "INNER") cursor.accept("OUTER");
    cursor.expect("JOIN");
    const right = aliased(cursor);
    let on: Expression | undefined;
    let using: readonly Identifier[] | undefined;
    if (cursor.accept("USING") !== undefined)
      using = cursor.parenthesized(() => cursor.list(() => cursor.identifier("a column name")));
    else {
      cursor.expect("ON");
      on = cursor.expression();
    }
    left = { kind: "join", at, join: side ?? "INNER", left, right, on, using };
  }
}

function aliased(cursor: Cursor, first?: Relation): Relation {
  const at = first?.at ?? cursor.at;
  cursor.count("relation");
  const of = first ?? primary(cursor);
  if (cursor.is("MATCH_RECOGNIZE")) throw cursor.error(cursor.at, "MATCH_RECOGNIZE is not supported");
  const name = cursor.alias();
  if (name === undefined) return sampled(cursor, of);
  const columns = cursor.is("(")
    ? cursor.parenthesized(() => cursor.list(() => cursor.identifier("a column name")))
    : undefined;
  return sampled(cursor, { kind: "alias", at, of, name, columns });
}

function sampled(cursor: Cursor, of: Relation): Relation {
  const { at } = cursor;
  if (cursor.accept("TABLESAMPLE") === undefined) return of;
  if (cursor.is("SYSTEM"))
    throw cursor.error(
      cursor.at,
      "TABLESAMPLE SYSTEM is not supported: files are no random part of the events. Use BERNOULLI",
    );
  cursor.expect("BERNOULLI");
  const percent = cursor.parenthesized(() => {
    const { kind, text, start } = cursor.token;
    if (kind !== "integer" && kind !== "decimal" && kind !== "double") throw cursor.unexpected("a number of percent");
    if (!(Number(text) <= 100)) throw cursor.error(start, "TABLESAMPLE takes from 0 to 100 percent");
    cursor.take();
    return text;
  });
  return { kind: "sample", at, of, percent };
}

/** An event data store, or a table of WITH. */
export function parseTable(cursor: Cursor): Relation {
  const id = cursor.takeStoreId();
  if (id !== undefined) return { kind: "table", at: id.start, name: { at: id.start, text: id.text } };
  const at = cursor.at;
  if (cursor.token.kind === "string") throw cursor.error(at, "FROM takes the id of an event data store, not a string");
  const name = cursor.identifier("the id of an event data store");
  if (cursor.is("(")) throw cursor.error(at, `function '${name.text}' cannot stand in FROM; only UNNEST can`);
  if (cursor.is("."))
    throw cursor.error(at, "FROM takes the id of an event data store alone, without a catalog or schema");
  return { kind: "table", at, name };
}

function primary(cursor: Cursor): Relation {
  if (cursor.isStoreId()) return parseTable(cursor);
  const at = cursor.at;
  if (cursor.is("(")) return parenthesis(cursor, at);
  if (cursor.is("LATERAL") && cursor.next().key === "(") {
    cursor.take();
    return { kind: "subquery", at, lateral: true, query: cursor.parenthesized(() => cursor.query()) };
  }
  if (cursor.accept("UNNEST") !== undefined) {
    const args = cursor.parenthesized(() => cursor.list(() => cursor.expression()));
    let ordinality = false;
    if (cursor.accept("WITH") !== undefined) {
      cursor.expect("ORDINALITY");
      ordinality = true;
    }
    return { kind: "unnest", at, args, ordinality };
  }
  return parseTable(cursor);
}

const afterOperand = ["UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "FETCH"];

/** `(SELECT ..)`, `(a JOIN b)`, and `((SELECT ..) UNION ..)` against `((SELECT ..) a JOIN b)`, told apart without going back. */
function parenthesis(cursor: Cursor, at: number): Relation {
  return cursor.parenthesized((): Relation => {
    if (cursor.isStoreId()) return parseRelations(cursor);
    if (cursor.is("SELECT", "WITH", "VALUES", "TABLE"))
      return { kind: "subquery", at, lateral: false, query: cursor.query() };
    if (!cursor.is("(")) return parseRelations(cursor);
    const inner = parenthesis(cursor, cursor.at);
    if (inner.kind !== "subquery" || !cursor.is(...afterOperand)) return parseRelations(cursor, inner);
    return {
      kind: "subquery",
      at,
      lateral: false,
      query: cursor.query({ kind: "nested", at: inner.at, query: inner.query }),
    };
  });
}
