import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./workspace.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

test("lake-sql.md lists the functions there are", async () => {
  const built = new URL("../../lake-sql/dist/index.js", import.meta.url).href;
  const { supportedFunctions }: { readonly supportedFunctions: readonly string[] } = await import(built);
  const list = /<!-- functions:.*?-->\n([^]*?)<!-- \/functions -->/.exec(read("apps/docs/lake-sql.md"))?.[1] ?? "";
  expect([...list.matchAll(/`([^`]+)`/g)].map((match) => match[1])).toEqual([...supportedFunctions]);
});

test("the lake's README lists the operations there are", () => {
  const source = read("apps/lake/src/control/operations.ts");
  const operations = [...source.matchAll(/^ {2}\["([A-Za-z]+)", /gm)].map((match) => match[1]!);
  expect(operations.length).toBeGreaterThan(15);
  const paragraph = /## What it does\n\n([^]*?)Every other operation/.exec(read("apps/lake/README.md"))?.[1] ?? "";
  const listed = [...paragraph.matchAll(/\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b/g)].map((match) => match[0]);
  expect(listed.toSorted()).toEqual([...operations, "PutAuditEvents"].toSorted());
});
