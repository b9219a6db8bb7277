import type { SimpleKind, SqlType } from "../src/sql-type.ts";

const simple: Readonly<Record<string, SimpleKind | "varchar" | "timestamptz">> = {
  VARCHAR: "varchar",
  BOOLEAN: "boolean",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamptz",
  DATE: "date",
  BIGINT: "bigint",
};

/** Reads a type as DuckDB's DESCRIBE prints it. */
export function readDuckdbType(text: string): SqlType {
  let at = 0;
  const type = (): SqlType => {
    let value: SqlType;
    const word = /[A-Z]+(?: WITH TIME ZONE)?/y;
    word.lastIndex = at;
    const name = word.exec(text)?.[0] ?? "";
    at += name.length;
    if (name === "STRUCT") {
      const fields: { name: string; type: SqlType }[] = [];
      at++;
      while (text[at] !== ")") {
        const field = /(?:"([^"]*)"|([A-Za-z_]\w*)) /y;
        field.lastIndex = at;
        const match = field.exec(text);
        at += match?.[0].length ?? 0;
        fields.push({ name: match?.[1] ?? match?.[2] ?? "", type: type() });
        if (text.startsWith(", ", at)) at += 2;
      }
      at++;
      value = { kind: "row", fields };
    } else if (name === "MAP") {
      at++;
      const key = type();
      at += 2;
      value = { kind: "map", key, value: type() };
      at++;
    } else value = { kind: simple[name] ?? "unknown" };
    while (text.startsWith("[]", at)) {
      at += 2;
      value = { kind: "array", element: value };
    }
    return value;
  };
  return type();
}
