import { readdirSync, readFileSync } from "node:fs";
import { adapterSuite, readFixtures } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { checkMapping, custom, customAdapter, parseMapping } from "../src/index.ts";

const folder = new URL("../examples/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ""));

for (const name of names) {
  const text = readFileSync(new URL(`${name}.yaml`, folder), "utf8");

  test(`${name}: the document has no problem, as text and as value`, () => {
    expect(checkMapping(text)).toEqual([]);
    expect(checkMapping(parseMapping(text, `${name}.yaml`))).toEqual([]);
  });

  const fixtures = new URL(`examples/${name}/`, import.meta.url);
  // Every format of bytes has its fixtures beside the built-in formats; here are those of the one that the example names.
  const used = readFixtures(customAdapter(text), fixtures).map(({ format }) => [format, custom.formats[format]!]);
  adapterSuite({ test, adapter: { ...customAdapter(text), formats: Object.fromEntries(used) }, fixtures, runs: 200 });

  test(`${name}: the adapter custom with this document as an option does the same`, () => {
    const adapter = customAdapter(text);
    const context = {
      accountId: "111122223333",
      origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
    };
    const options = { mapping: parseMapping(text), drops: {} };
    for (const file of readdirSync(fixtures).filter((one) => one.endsWith(".ndjson")))
      for (const line of readFileSync(new URL(file, fixtures), "utf8").trim().split("\n")) {
        const value = JSON.parse(line) as Parameters<typeof adapter.map>[0];
        expect(custom.map(value, { ...context, options })).toEqual(adapter.map(value, context));
      }
  });
}
