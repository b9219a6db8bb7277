import type { Cursor } from "./cursor.ts";
import type { RowField, SimpleKind, SqlType } from "./sql-type.ts";

const simple = new Map<string, SimpleKind>([
  ["BOOLEAN", "boolean"],
  ["TINYINT", "tinyint"],
  ["SMALLINT", "smallint"],
  ["INT", "integer"],
  ["INTEGER", "integer"],
  ["BIGINT", "bigint"],
  ["REAL", "real"],
  ["DOUBLE", "double"],
  ["DATE", "date"],
  ["JSON", "json"],
  ["VARBINARY", "varbinary"],
  ["UUID", "uuid"],
  ["IPADDRESS", "ipaddress"],
]);

function integers(cursor: Cursor): number[] {
  if (!cursor.is("(")) return [];
  return cursor.parenthesized(() =>
    cursor.list(() => {
      if (cursor.token.kind !== "integer") throw cursor.unexpected("an integer");
      return Number(cursor.take().text);
    }),
  );
}

/** A type name as it stands in CAST: `varchar(10)`, `array(json)`, `map(varchar, bigint)`, `row(a bigint, b varchar)`. */
export function parseType(cursor: Cursor): SqlType {
  const at = cursor.at;
  const type = cursor.nested(() => one(cursor, at));
  return type;
}

function one(cursor: Cursor, at: number): SqlType {
  if (cursor.token.kind !== "word") throw cursor.unexpected("a type");
  const name = cursor.take().key;
  const kind = simple.get(name);
  if (kind !== undefined) {
    if (name === "DOUBLE") cursor.accept("PRECISION");
    return { kind };
  }
  switch (name) {
    case "VARCHAR":
    case "CHAR": {
      const [length] = integers(cursor);
      if (length !== undefined && length > 10_000) throw cursor.error(at, "the length of a varchar is at most 10000");
      return length === undefined ? { kind: "varchar" } : { kind: "varchar", length };
    }
    case "DECIMAL":
    case "NUMERIC": {
      const [precision = 38, scale = 0] = integers(cursor);
      if (precision < 1 || precision > 38 || scale > precision)
        throw cursor.error(at, "a decimal has 1 to 38 digits and a scale within them");
      return { kind: "decimal", precision, scale };
    }
    case "TIMESTAMP":
    case "TIME": {
      integers(cursor);
      let zoned = false;
      if (cursor.accept("WITH") !== undefined) {
        cursor.expect("TIME", "ZONE");
        zoned = true;
      } else if (cursor.accept("WITHOUT") !== undefined) cursor.expect("TIME", "ZONE");
      if (name === "TIME") return { kind: "time" };
      return { kind: zoned ? "timestamptz" : "timestamp" };
    }
    case "ARRAY": {
      const element =
        cursor.accept("<") === undefined
          ? cursor.parenthesized(() => parseType(cursor))
          : closed(cursor, parseType(cursor));
      return { kind: "array", element };
    }
    case "MAP":
      return cursor.parenthesized(() => {
        const key = parseType(cursor);
        cursor.expect(",");
        return { kind: "map", key, value: parseType(cursor) };
      });
    case "ROW":
      return { kind: "row", fields: cursor.parenthesized(() => cursor.list(() => field(cursor))) };
    default:
      throw cursor.error(at, `type '${name.toLowerCase()}' is not supported`);
  }
}

function closed(cursor: Cursor, type: SqlType): SqlType {
  cursor.expect(">");
  return type;
}

function field(cursor: Cursor): RowField {
  const name = cursor.identifier("a field name").text;
  return { name, type: parseType(cursor) };
}
