import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerOf, openActivityStores } from "./duckdb.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

const document = { a: { b: [1, { "a b": 2 }], "**": 3, $: 4, "a:b": 5, é: [[6]] }, "/a": 7, "a.b": 8, _1: 9 };

const refused = Symbol("refused");

/** What Trino's reader of paths finds; undefined for what is no path of members and elements. */
function found(path: string): { readonly value: unknown } | undefined {
  if (!path.startsWith("$")) return undefined;
  let value: unknown = document;
  let rest = path.slice(1);
  while (rest !== "") {
    const [whole, bare, index, quoted] =
      /^(?:\.([\p{L}\p{Nd}_:$]+)|\[([0-9]{1,9})\]|\["([^"\\*]|[^"\\]{2,})"\])/u.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    rest = rest.slice(whole.length);
    const key = bare ?? quoted;
    if (typeof value !== "object" || value === null) value = undefined;
    else if (Array.isArray(value)) value = index === undefined ? undefined : value[Number(index)];
    else value = key === undefined || !Object.hasOwn(value, key) ? undefined : Reflect.get(value, key);
  }
  return { value };
}

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const keys = ["a", "b", "a b", "*", "**", "$", "a:b", "é", "/a", "a.b", "_1", "none"];
const step = fc.oneof(
  fc.constantFrom(...keys).map((key) => `.${key}`),
  fc.constantFrom(...keys).map((key) => `["${key}"]`),
  fc.constantFrom(0, 1, 2).map((index) => `[${index}]`),
);
const path = fc.oneof(
  { weight: 3, arbitrary: fc.array(step, { maxLength: 4 }).map((steps) => `$${steps.join("")}`) },
  fc.string({ unit: fc.constantFrom(...Array.from("$.[]*\"'\\/#-ab01 ?@()é\n")), maxLength: 12 }),
);

test("whatever text a row brings as a path: it is read as Trino reads it, or fails the query, and no wildcard or pointer of the engine's is", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(path, async (text) => {
      const expected = found(text);
      const statement = `SELECT json_extract(${sqlText(JSON.stringify(document))}, p) FROM (VALUES ${sqlText(text)}) t(p)`;
      const answer = await answerOf(connection, statement).catch((error: unknown) =>
        String(error).includes("This text is not a JSON path of members and elements") ? refused : error,
      );
      if (expected?.value !== undefined) read += 1;
      const json = expected?.value === undefined ? null : JSON.stringify(expected.value);
      expect(answer).toBe(expected === undefined ? refused : json);
    }),
    { numRuns: 600, examples: [["$"], ["$.*"], ["/a"], ["$..b"], ["$.a[#-1]"], ["$.a.b[*]"], ["a"], ["0"], [""]] },
  );
  expect(read).toBeGreaterThan(50);
});
