import { mapFile, readFixtures } from "@tributary/adapter-kit/suite";
import { isArray, isObject } from "@tributary/adapter-kit";
import type { Adapter, Json } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { adapterOf } from "../src/custom-adapter.ts";
import { guess } from "../src/formats/guess.ts";
import { builtIns, custom } from "../src/index.ts";
import { compiledMapping } from "../src/mapping/check-mapping.ts";

const fixtures = readFixtures(custom, new URL("fixtures/", import.meta.url));

/** Every copy of a value that lacks one member or element, with the way to it. */
function* withoutOne(value: Json, path = ""): Generator<readonly [string, Json]> {
  if (isArray(value))
    for (const [index, element] of value.entries()) {
      yield [`${path}/${index}`, value.filter((_, at) => at !== index)];
      for (const [place, changed] of withoutOne(element, `${path}/${index}`)) yield [place, value.with(index, changed)];
    }
  else if (isObject(value))
    for (const [key, member] of Object.entries(value)) {
      yield [`${path}/${key}`, Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))];
      for (const [place, changed] of withoutOne(member, `${path}/${key}`)) yield [place, { ...value, [key]: changed }];
    }
}

/** What the records of one format in all fixtures become by a table; the records of others are left out. */
function outcome(adapter: Adapter, files: typeof fixtures): string {
  return JSON.stringify(
    files.map(({ format, bytes, context }) =>
      mapFile(adapter, format, bytes, { ...context, options: undefined }).map(({ results }) =>
        results.map((result) => (result.kind === "event" ? [result.id, result.eventData] : [result.kind])),
      ),
    ),
  );
}

const tables = [...Object.values(builtIns), { name: "guess", displayName: "", mapping: guess, format: undefined }];

test.each(tables.map((table) => [table.name, table] as const))(
  "%s: each row and each fallback of the table is seen by a fixture when it is gone",
  (name, table) => {
    const format = "is" in table ? table : undefined;
    const files = fixtures.filter(({ name: file }) => file.startsWith(name === "guess" ? "guess" : beginnings[name]!));
    expect(files.length).toBeGreaterThan(1);
    const adapter = (mapping: Json) => adapterOf({ ...compiledMapping(mapping, {}), format });
    const { version, name: own, ...rows } = table.mapping;
    const whole = outcome(adapter(table.mapping), files);
    const unseen: string[] = [];
    for (const [place, changed] of withoutOne(rows)) {
      let found: string;
      try {
        found = outcome(adapter({ ...(isObject(changed) ? changed : {}), version, name: own ?? name }), files);
      } catch {
        continue; // The document is no longer one.
      }
      if (found === whole) unseen.push(place);
    }
    expect(unseen).toEqual([]);
  },
);

const beginnings: Readonly<Record<string, string>> = {
  cef: "cef",
  leef: "leef",
  syslog: "syslog",
  cloudevents: "cloudevent",
  ocsf: "ocsf",
  "gcp-audit": "gcp",
  "google-workspace": "workspace",
  azure: "azure",
};
