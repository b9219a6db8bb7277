import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { fileText, jsonSchemas } from "../scripts/json-schemas.ts";

const folder = new URL("../schemas/", import.meta.url);
const documents = jsonSchemas();

test("the folder holds the files the script writes", () => {
  expect(readdirSync(folder).toSorted()).toEqual([...documents.keys()].toSorted());
});

for (const [name, document] of documents)
  test(`${name} is as the script writes it: run \`npm run schemas\` after a change of the shapes`, () => {
    expect(readFileSync(new URL(name, folder), "utf8")).toBe(fileText(document));
  });

test("every reference leads somewhere", () => {
  for (const document of documents.values()) {
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"#\/\$defs\/(\w+)"/g)) expect(document["$defs"]).toHaveProperty(name!);
  }
});
