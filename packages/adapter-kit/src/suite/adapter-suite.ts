import assert from "node:assert/strict";
import { checkAuditEvent, findSource } from "@tributary/schema";
import * as fc from "fast-check";
import type { Adapter } from "../contract/adapter.ts";
import type { Json } from "../contract/json.ts";
import type { Result } from "../contract/result.ts";
import { assertAdapter } from "../assert-adapter.ts";
import { mapFrame } from "../decode/map-frame.ts";
import { isObject, parseJson } from "../own-property.ts";
import { fitsId } from "../mapping/ids.ts";
import { sniffFormat } from "../sniff-format.ts";
import { anyJson } from "./any-json.ts";
import { arbitraryOf } from "./arbitrary-of.ts";
import { compareFixture, fixtureContext, readFixtures, recordsOf } from "./fixtures.ts";
import type { FixtureRecord } from "./fixtures.ts";
import { leavesOf, withValue } from "./leaves.ts";
import { lostLeaves } from "./lost-leaves.ts";
import type { ShownEvent } from "./lost-leaves.ts";
import { mutated, objectPaths } from "./mutated.ts";

/** A test framework's `test`: vitest's, or any other of this form. */
export type SuiteTest = (name: string, run: () => void | Promise<void>) => void;

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
  const named = (name: string) => `${adapter.name}: ${name}`;
  const mapOne = (record: Json, context = fixtureContext): Result => {
    const [result, ...more] = adapter.map(record, context);
    assert.ok(result !== undefined && more.length === 0, "a record must have one result");
    return result;
  };
  const show = (record: Json, context = fixtureContext): ShownEvent | undefined => shown(mapOne(record, context));

  test(named("is an adapter with fixtures of accepted records"), () => {
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

  for (const fixture of fixtures)
    test(named(`fixture ${fixture.name}`), () => {
      const { actual, expected } = compareFixture(adapter, fixture);
      assert.equal(actual, expected);
    });

  test(named("the same record gives the same bytes, and the record stays as it was"), () => {
    for (const { record, context, result } of records) {
      const before = JSON.stringify(record);
      assert.deepEqual({ ...mapOne(record, context), part: 0, marks: [] }, { ...result, part: 0, marks: [] });
      assert.deepEqual(mapOne(structuredClone(record), context), mapOne(record, context));
      assert.equal(JSON.stringify(record), before);
    }
  });

  test(named("files are recognised by their beginning"), () => {
    for (const { name, bytes, format } of fixtures) {
      const sniffed = sniffFormat(adapter, bytes.subarray(0, 4096));
      assert.ok(
        sniffed === undefined || sniffed === format,
        `${name} is ${format}, its beginning looks like ${sniffed}`,
      );
    }
  });

  test(named("events keep to every limit, whatever the length of a value"), () => {
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
          else assert.notEqual(code(result), "FieldTooLong", `/${path.join("/")}`);
        }
      }
  });

  test(named("a record of many values is cut to the limits, with a mark"), () => {
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

  test(named("ids fit, and records of different content keep different ids"), () => {
    const bytesOf = new Map<string, string>();
    for (const { result } of accepted) {
      assert.ok(fitsId(result.id), result.id);
      const other = bytesOf.get(result.id);
      assert.ok(other === undefined || other === result.eventData, `two different events have the id ${result.id}`);
      bytesOf.set(result.id, result.eventData);
    }
  });

  test(named("equal records without an id of their own stay as many events; those with one stay one"), () => {
    const twice = accepted.map(({ record, context }) =>
      [0, 1].map((occurrence) => mapOne(record, { ...context, origin: { ...context.origin, occurrence } })),
    );
    const apart = twice.filter(([first, second]) => id(first) !== id(second));
    if (adapter.countsOccurrences !== true)
      assert.equal(apart.length, 0, "ids depend on occurrence: say countsOccurrences");
    else assert.ok(apart.length > 0, "countsOccurrences is claimed, but no fixture is a record without an id");
  });

  test(named("never throws: any JSON, any bytes, any options"), () => {
    fc.assert(
      fc.property(anyJson, (value) => adapter.map(value, fixtureContext).every(isResult)),
      { numRuns: runs },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(adapter.formats)),
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (format, bytes) => mapFrame(adapter, format, bytes, fixtureContext).every(isResult),
      ),
      { numRuns: runs },
    );
    fc.assert(
      fc.property(fc.constantFrom(...accepted), anyJson, ({ record }, options) =>
        adapter.map(record, { ...fixtureContext, options }).every(isResult),
      ),
      { numRuns: Math.ceil(runs / 5) },
    );
  });

  const property = (name: string, arbitrary: fc.Arbitrary<Json>) =>
    test(named(`${name} records become valid events, lose nothing, or are refused by name`), () => {
      const counts = { accepted: 0, total: 0 };
      fc.assert(
        fc.property(arbitrary, (record) => {
          for (const result of adapter.map(record, fixtureContext)) {
            counts.total += 1;
            assert.notEqual(code(result), "ADAPTER_FAULT", result.kind === "refused" ? result.message : "");
            if (result.kind !== "event") continue;
            counts.accepted += 1;
            assertValid(result, fixtureContext.accountId, fixtureContext.origin.receivedAt);
          }
          const [only, ...more] = adapter.parts(record);
          const event = more.length === 0 && only !== undefined ? show(record) : undefined;
          if (event !== undefined) assertNothingLost(lostLeaves(only!, event), record);
        }),
        { numRuns: runs },
      );
      print(
        `${adapter.name}: ${name} records: ${counts.accepted} of ${counts.total} accepted (${((100 * counts.accepted) / counts.total).toFixed(1)} %)`,
      );
      assert.ok(counts.accepted > 0, "nothing was accepted: the property shows nothing");
    });
  const examples = accepted.map(({ record }) => record);
  if (examples.length > 0) {
    property("generated", arbitraryOf(adapter.record, examples));
    property("mutated", mutated(examples));
  }

  test(named("secrets never leave, and each is marked"), () => {
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

  test(named("numbers no double holds keep their digits, marked"), () => {
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

  test(named("nothing is lost silently: every leaf of a record is in its event"), () => {
    for (const { record, context } of accepted) {
      const event = show(record, context);
      assert.ok(event !== undefined);
      assertNothingLost(
        lostLeaves(record, event, (changed) => show(changed, context)),
        record,
      );
    }
  });

  test(named("members nobody has heard of are kept, wherever they stand"), () => {
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

  test(named("every drop rule drops a fixture, and can be switched off"), () => {
    for (const rule of Object.keys(adapter.drops ?? {})) {
      const dropped = records.filter(({ result }) => result.kind === "dropped" && result.rule === rule);
      assert.ok(dropped.length > 0, `no fixture is dropped by ${rule}`);
      for (const { record, context } of dropped)
        assert.notEqual(mapOne(record, { ...context, options: { drops: { [rule]: false } } }).kind, "dropped");
    }
  });
}

function shown(result: Result): ShownEvent | undefined {
  return result.kind === "event" ? { event: parseJson(result.eventData), marks: result.marks } : undefined;
}

function assertValid({ eventData }: { readonly eventData: string }, accountId: string, receivedAt: string): void {
  assert.deepEqual(
    checkAuditEvent({ eventData }, { profile: "sender", accountId, now: Date.parse(receivedAt) }).problems,
    [],
  );
}

function assertNothingLost(
  lost: readonly { readonly path: readonly string[]; readonly value: Json }[],
  record: Json,
): void {
  const shownRecord = JSON.stringify(record).slice(0, 4000);
  assert.deepEqual(
    lost.map(({ path, value }) => `/${path.join("/")} = ${JSON.stringify(value)}`),
    [],
    `these leaves are nowhere in the event of ${shownRecord}`,
  );
}

const code = (result: Result) => (result.kind === "refused" ? result.code : undefined);
const id = (result: Result | undefined) => (result?.kind === "event" ? result.id : undefined);
const isResult = (result: Result) => ["event", "dropped", "refused"].includes(result.kind);
