import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { mapFrame } from "@tributary/adapter-kit";
import type { Adapter } from "@tributary/adapter-kit";
import { readSamples, scaffold } from "@tributary/create-adapter";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { linkDependencies, temporary } from "./scaffolded.ts";
import { syntheticSamples } from "./synthetic-samples.ts";

const place = temporary();
linkDependencies(place);
const utf8 = new TextEncoder();

/** The adapter that a package's source defines, run as the source it is. */
async function written(name: string, files: ReadonlyMap<string, string>): Promise<Adapter> {
  for (const [path, text] of files) {
    const file = join(place, name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const module = (await import(pathToFileURL(join(place, name, "src/index.ts")).href)) as { readonly default: Adapter };
  return module.default;
}

/** What the written source makes of the fixtures' records, and what the fixtures say: two spellings of one mapping. */
async function bothOf(name: string, text: string): Promise<{ readonly actual: unknown; readonly expected: unknown }> {
  const samples = readSamples(utf8.encode(text));
  const { files, fixtures } = scaffold({ name, displayName: name, source: "Custom" }, samples, { keepValues: false });
  const adapter = await written(name, files);
  const [format = ""] = Object.keys(adapter.formats);
  const singles = fixtures.filter(({ name: fixture }) => fixture.startsWith("sample"));
  const actual = singles.map(({ record }) => {
    const frame = format === "json" ? JSON.stringify(recordIn(JSON.parse(record), samples.format)) : record.trimEnd();
    const [result] = mapFrame(adapter, format, utf8.encode(frame), {
      accountId: "111122223333",
      origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
    });
    if (result?.kind !== "event") return result;
    return { id: result.id, event: JSON.parse(result.eventData) as unknown, marks: result.marks };
  });
  return { actual, expected: singles.map(({ event }) => JSON.parse(event) as unknown) };
}

/** The one record of a JSON fixture: what the framer hands on. */
function recordIn(document: unknown, format: { readonly kind: string; readonly pointer?: readonly string[] }): unknown {
  const inner = (format.pointer ?? []).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document);
  return Array.isArray(inner) ? (inner[0] as unknown) : inner;
}

test.for(Object.entries(syntheticSamples))("of the sample %s", async ([name, { text }]) => {
  const { actual, expected } = await bothOf(name, text);
  expect(actual).toEqual(expected);
});

const member = (names: readonly string[]) => fc.constantFrom(...names);

test("of invented vendors", async () => {
  const scalar = fc.oneof(
    fc.stringMatching(/^[a-z]{3,12}(?:\.[a-z]{3,8})?$/),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.ipV4(),
  );
  const time = fc.date({ min: new Date("2020-01-01"), max: new Date("2025-12-31"), noInvalidDate: true });
  const vendor = fc.record({
    time: member(["time", "created_at", "@timestamp", "ts", "weird time"]),
    action: member(["action", "eventType", "operation", "type", "class-of-event"]),
    actor: member(["actor", "user", "user_name", "principal", "by"]),
    nest: member(["event", "detail", "constructor", ""]),
    isNested: fc.boolean(),
    isObject: fc.boolean(),
    asNumber: fc.boolean(),
    records: fc.array(
      fc.record({
        at: time,
        did: fc.stringMatching(/^[a-z]{3,9}\.[a-z]{3,9}$/),
        who: fc.stringMatching(/^[a-z]{4,12}$/),
        id: fc.uuid(),
        more: fc.dictionary(fc.stringMatching(/^[\w -]{1,9}$/), scalar, { maxKeys: 4 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  });
  const vendors = fc.sample(vendor, { numRuns: 40, seed: 7 });
  for (const [index, one] of vendors.entries()) {
    const records = one.records.map(({ at, did, who, id, more }) => {
      const core = { [one.time]: one.asNumber ? at.getTime() : at.toISOString(), [one.action]: did };
      return {
        ...more,
        ...(one.isNested ? { [one.nest]: core } : core),
        [one.actor]: one.isObject ? { id: `u-${who}`, name: who, type: "person" } : who,
        ...(index % 3 === 0 ? {} : { id }),
        ...(index % 2 === 0 ? { ip: "192.0.2.9", userAgent: "curl/8.1" } : {}),
      };
    });
    // oxlint-disable-next-line no-await-in-loop
    const { actual, expected } = await bothOf(`vendor-${index}`, JSON.stringify(records));
    expect(expected).not.toEqual([]);
    expect(actual).toEqual(expected);
  }
});
