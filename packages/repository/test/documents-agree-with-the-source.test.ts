import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documents } from "./documents.ts";
import { root } from "./workspace.ts";

interface LakeSql {
  readonly supportedFunctions: readonly string[];
  readonly activityColumns: unknown;
  compileQuery(statement: string, options: { resolve(storeId: string): unknown }): unknown;
}
const lakeSql = (await import(new URL("../../lake-sql/dist/index.js", import.meta.url).href)) as LakeSql;
const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("lake-sql.md lists the functions there are", () => {
  const list = /<!-- functions:.*?-->\n([^]*?)<!-- \/functions -->/.exec(read("apps/docs/lake-sql.md"))?.[1] ?? "";
  expect([...list.matchAll(/`([^`]+)`/g)].map((match) => match[1])).toEqual([...lakeSql.supportedFunctions]);
});

test("the lake's README lists the operations there are", () => {
  const source = read("apps/lake/src/control/operations.ts");
  const operations = [...source.matchAll(/^ {2}\["([A-Za-z]+)", /gm)].map((match) => match[1]!);
  expect(operations.length).toBeGreaterThan(15);
  const paragraph = /## What it does\n\n([^]*?)Every other operation/.exec(read("apps/lake/README.md"))?.[1] ?? "";
  const listed = [...paragraph.matchAll(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b/g)].map((match) => match[0]);
  expect(listed.toSorted()).toEqual([...operations, "PutAuditEvents"].toSorted());
});

test("every sql block of every document is Lake SQL", () => {
  const blocks = documents().flatMap(({ path, blocks: all }) =>
    all.filter(({ language }) => language === "sql").map(({ text, line }) => ({ origin: `${path}:${line}`, text })),
  );
  expect(blocks.length).toBeGreaterThan(3);
  const refused = blocks.flatMap(({ origin, text }) => {
    const statement = text.replaceAll(/\b(?:EDS_ID|STORE)\b/g, "074365db-2079-4c18-ab83-e753897b74fe");
    try {
      lakeSql.compileQuery(statement, { resolve: (name) => ({ name, columns: lakeSql.activityColumns }) });
      return [];
    } catch (error) {
      return [`${origin}: ${String(error)}`];
    }
  });
  expect(refused).toEqual([]);
});
