import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mappingSchemaFile } from "../scripts/mapping-schema-file.ts";

const text = readFileSync(new URL("../schemas/mapping.schema.json", import.meta.url), "utf8");

test("schemas/mapping.schema.json is as the script writes it: run `npm run schemas` after a change of the language", () => {
  expect(text).toBe(mappingSchemaFile());
});

test("every reference leads somewhere, and no word of ours is left", () => {
  const schema = JSON.parse(text) as { readonly definitions: object };
  for (const [, name] of text.matchAll(/"#\/definitions\/(\w+)"/g)) expect(schema.definitions).toHaveProperty(name!);
  expect(text).not.toMatch(/"(?:is|fix|keyIs|keyFix)": "/);
});

test("each example names the schema for editors", () => {
  const folder = new URL("../examples/", import.meta.url);
  for (const file of readdirSync(folder))
    expect(readFileSync(new URL(file, folder), "utf8")).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schemas\/mapping\.schema\.json\n/,
    );
});
