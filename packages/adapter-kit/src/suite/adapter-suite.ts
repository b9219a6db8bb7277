import assert from "node:assert/strict";
import { findSource } from "@tributary/schema";
import type { Adapter } from "../contract/adapter.ts";
import type { Json } from "../contract/json.ts";
import type { Result } from "../contract/result.ts";
import { assertAdapter } from "../assert-adapter.ts";
import { mapFrame } from "../decode/map-frame.ts";
import { isObject, parseJson } from "../own-property.ts";
import { pointerSegments } from "../json-pointer.ts";
import { valueAt } from "../mapping/text.ts";
import { fitsId } from "../mapping/ids.ts";
import { sniffFormat } from "../sniff-format.ts";
import { assertNothingLost, assertValid, codeOf, idOf, shown } from "./assertions.ts";
import { assertCapabilities } from "./capabilities.ts";
import { compareFixture, fixtureContext, readFixtures, recordsOf } from "./fixtures.ts";
import type { FixtureRecord } from "./fixtures.ts";
import { hostileRecords } from "./hostile-records.ts";
import { leavesOf, withValue } from "./leaves.ts";
import { lostLeaves } from "./lost-leaves.ts";
import type { ShownEvent } from "./lost-leaves.ts";
import { objectPaths } from "./mutated.ts";
import { suiteTimeout } from "./suite-test.ts";
import type { SuiteTest } from "./suite-test.ts";

export interface SuiteOptions {
  readonly test: SuiteTest;
  readonly adapter: Adapter;
  /** The folder of the fixture pairs. */
  readonly fixtures: string | URL;
  /** Cases per property. Default 500. */
  readonly runs?: number | undefined;
  /** Where acceptance rates go. Default console.log. */
  readonly print?: ((line: string) => void) | undefined;
}

type Accepted = FixtureRecord & { readonly result: Extract<Result, { kind: "event" }> };

/**
 * What every adapter promises, as tests: its fixtures, the same bytes for the same record, events within every limit,
 * stable ids, no exception whatever the record, masked secrets, digits kept, nothing lost silently.
 */
export function adapterSuite({ test, adapter, fixtures: folder, runs = 500, print = console.log }: SuiteOptions): void {
  const fixtures = readFixtures(adapter, folder);
  const records = fixtures.flatMap((fixture) => recordsOf(adapter, fixture));
  const accepted = records.filter((one): one is Accepted => one.result.kind === "event");
  const promise = (name: string, run: () => void | Promise<void>): void =>
    test(`${adapter.name}: ${name}`, run, suiteTimeout);
  const mapOne = (record: Json, context = fixtureContext): Result => {
    const [result, ...more] = adapter.map(record, context);
    assert.ok(result !== undefined && more.length === 0, "a record must have one result");
    return result;
  };
  const show = (record: Json, context = fixtureContext): ShownEvent | undefined => shown(mapOne(record, context));

  promise("is an adapter with fixtures of accepted records", () => {
    assertAdapter(adapter);
    assert.ok(
      adapter.source === "Custom" || findSource(adapter.source) !== undefined,
      `${adapter.source} is no row of the table of sources`,
    );
    assert.ok(accepted.length > 0, "no fixture gives an event");
    for (const [name, format] of Object.entries(adapter.formats))
      if (format.sniff !== undefined)
        assert.ok(
          fixtures.some((fixture) => fixture.format === name),
          `format ${name} has no fixture`,
        );
  });

  promise("what it claims beside files, polling and webhooks, is there and says what its options are for", () =>
    assertCapabilities(adapter),
  );

  for (const fixture of fixtures)
    promise(`fixture ${fixture.name}`, () => {
      const { actual, expected } = compareFixture(adapter, fixture);
      assert.equal(actual, expected);
    });

  promise("the same record gives the same bytes, and the record stays as it was", () => {
    for (const { record, context, result } of records) {
      const before = JSON.stringify(record);
      assert.deepEqual({ ...mapOne(record, context), part: 0, marks: [] }, { ...result, part: 0, marks: [] });
      assert.deepEqual(mapOne(structuredClone(record), context), mapOne(record, context));
      assert.equal(JSON.stringify(record), before);
    }
  });

  promise("files are recognised by their beginning", () => {
    for (const { name, bytes, format } of fixtures) {
      const sniffed = sniffFormat(adapter, bytes.subarray(0, 4096));
      assert.ok(
        sniffed === undefined || sniffed === format,
        `${name} is ${format}, its beginning looks like ${sniffed}`,
      );
    }
  });

  promise("events keep to every limit, whatever the length of a value", () => {
    const seen = new Set<string>();
    for (const { record, context } of accepted)
      for (const { path } of leavesOf(record)) {
        // One element of an array stands for all.
        const place = path.map((step) => (/^\d+$/.test(step) ? "*" : step)).join("/");
        if (seen.has(place)) continue;
        seen.add(place);
        for (const long of ['é"\\'.repeat(500), "x".repeat(30_000), "\u{1f600}".repeat(70_000)]) {
          const result = mapOne(withValue(record, path, long), context);
          if (result.kind === "event") assertValid(result, context.accountId, context.origin.receivedAt);
          else assert.notEqual(codeOf(result), "FieldTooLong", `/${path.join("/")}`);
        }
      }
  });

  promise("a record of many values is cut to the limits, with a mark", () => {
    for (const { record, context } of accepted) {
      const many = Object.fromEntries(
        Array.from({ length: 3000 }, (_, index) => [`suite_${index}`, `${index}-${"y".repeat(150)}`]),
      );
      const result = mapOne(withValue(record, ["suite_many"], many), context);
      assert.equal(result.kind, "event");
      assert.ok(
        result.kind === "event" && result.marks.some(({ kind }) => kind === "trimmed"),
        "450 kB were sent or lost without a mark",
      );
    }
  });

  promise("ids fit, and records of different content keep different ids", () => {
    const bytesOf = new Map<string, string>();
    for (const { result } of accepted) {
      assert.ok(fitsId(result.id), result.id);
      const other = bytesOf.get(result.id);
      assert.ok(other === undefined || other === result.eventData, `two different events have the id ${result.id}`);
      bytesOf.set(result.id, result.eventData);
    }
  });

  promise("equal records without an id of their own stay as many events; those with one stay one", () => {
    const twice = accepted.map(({ record, context }) =>
      [0, 1].map((occurrence) => mapOne(record, { ...context, origin: { ...context.origin, occurrence } })),
    );
    const apart = twice.filter(([first, second]) => idOf(first) !== idOf(second));
    if (adapter.countsOccurrences !== true)
      assert.equal(apart.length, 0, "ids depend on occurrence: say countsOccurrences");
    else assert.ok(apart.length > 0, "countsOccurrences is claimed, but no fixture is a record without an id");
  });

  hostileRecords({ promise, adapter, accepted, runs, print });

  promise("secrets never leave, and each is marked", () => {
    for (const key of [
      "password",
      "clientSecret",
      "access_token",
      "Authorization",
      ...(adapter.secrets ?? []).filter((secret) => !secret.startsWith("/")),
    ])
      for (const { record, context } of accepted)
        for (const path of objectPaths(record)) {
          const result = mapOne(withValue(record, [...path, key], "suite-secret-value"), context);
          assert.ok(!JSON.stringify(result).includes("suite-secret-value"), `${key} at /${path.join("/")} leaves`);
          if (result.kind === "event")
            assert.ok(
              result.marks.some(({ kind }) => kind === "redacted"),
              `${key} at /${path.join("/")} is not marked`,
            );
        }
  });

  promise("what the secrets' JSON pointers name never leaves", () => {
    for (const pointer of (adapter.secrets ?? []).filter((secret) => secret.startsWith("/") && !secret.includes("*"))) {
      const path = pointerSegments(pointer);
      for (const { record, context } of accepted) {
        if (!isObject(valueAt(record, ...path.slice(0, -1)))) continue;
        const result = mapOne(withValue(record, path, "suite-secret-value"), context);
        assert.ok(!JSON.stringify(result).includes("suite-secret-value"), `${pointer} leaves`);
      }
    }
  });

  promise("numbers no double holds keep their digits, marked", () => {
    const digits = "1234567890123456789012";
    for (const { record, fixture, context } of accepted) {
      if (adapter.formats[fixture.format]?.parse !== undefined || adapter.formats[fixture.format]?.frame === "csv")
        continue;
      const bytes = new TextEncoder().encode(
        JSON.stringify({ ...(isObject(record) ? record : {}), suite_number: 0 }).replace(
          '"suite_number":0',
          `"suite_number":${digits}`,
        ),
      );
      const [result] = mapFrame(adapter, fixture.format, bytes, context);
      assert.ok(result?.kind === "event" && result.eventData.includes(`"${digits}"`), "the digits are gone");
      assert.ok(
        result.marks.some(({ kind, path }) => kind === "big-number" && path === "/suite_number"),
        "no mark",
      );
    }
  });

  promise("nothing is lost silently: every leaf of a record is in its event", () => {
    for (const { record, context } of accepted) {
      const event = show(record, context);
      assert.ok(event !== undefined);
      assertNothingLost(
        lostLeaves(record, event, (changed) => show(changed, context)),
        record,
      );
    }
  });

  promise("members nobody has heard of are kept, wherever they stand", () => {
    const news: Json = { a: "suite-text", b: [1, null, { c: "" }], "d/~e": {} };
    for (const { record, context } of accepted)
      for (const path of objectPaths(record)) {
        const grown = parseJson(
          JSON.stringify(withValue(record, [...path, "suite_member"], news)).replace('"d/~e"', '"__proto__"'),
        );
        const event = show(grown, context);
        assert.ok(event !== undefined, `refused with a new member at /${path.join("/")}`);
        assertNothingLost(lostLeaves(grown, event), grown);
      }
  });

  promise("every drop rule drops a fixture, and can be switched off", () => {
    for (const rule of Object.keys(adapter.drops ?? {})) {
      const dropped = records.filter(({ result }) => result.kind === "dropped" && result.rule === rule);
      assert.ok(dropped.length > 0, `no fixture is dropped by ${rule}`);
      for (const { record, context } of dropped)
        assert.notEqual(mapOne(record, { ...context, options: { drops: { [rule]: false } } }).kind, "dropped");
    }
  });
}
