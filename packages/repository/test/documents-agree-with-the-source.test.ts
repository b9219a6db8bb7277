import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documents } from "./documents.ts";
import { root } from "./workspace.ts";

interface LakeSql {
  readonly functionChapters: ReadonlyMap<string, readonly string[]>;
  readonly unsupportedFunctions: ReadonlyMap<string, string>;
  readonly activityColumns: unknown;
  compileQuery(statement: string, options: { resolve(storeId: string): unknown }): unknown;
}
const lakeSql = (await import(new URL("../../lake-sql/dist/index.js", import.meta.url).href)) as LakeSql;
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(", ");

test("lake-sql.md lists the functions there are, by chapter, and those there are not", () => {
  const text = read("apps/docs/lake-sql.md").replaceAll(/\s+/g, " ");
  const between = (name: string): string =>
    new RegExp(`<!-- ${name}:.*?--> (.*?) <!-- /${name} -->`).exec(text)?.[1] ?? "";
  expect(between("functions")).toBe(
    [...lakeSql.functionChapters].map(([chapter, list]) => `**${chapter}**: ${names(list)}`).join(" "),
  );
  const reasons = [...new Set(lakeSql.unsupportedFunctions.values())];
  const of = (reason: string): string[] =>
    [...lakeSql.unsupportedFunctions].flatMap(([name, why]) => (why === reason ? [name] : []));
  expect(between("unsupported functions")).toBe(reasons.map((reason) => `- ${reason}: ${names(of(reason))}`).join(" "));
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
