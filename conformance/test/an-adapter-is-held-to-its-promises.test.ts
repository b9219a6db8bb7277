import { Type as T } from "@sinclair/typebox";
import {
  type AdapterDefinition,
  contentId,
  defineAdapter,
  idFrom,
  type Json,
  jsonLines,
  taking,
  textAt,
  utcSeconds,
} from "@tributary/adapter-kit";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compareFixture, readFixtures } from "@tributary/adapter-kit/suite";
import { adapterChecks, adapterPromises, clauses, fixtureClause, runChecks } from "../src/index.ts";

const Example = T.Object({ action: T.String({ minLength: 1 }), at: T.Unknown() });
const NoOptions = T.Object({});
type Definition = AdapterDefinition<typeof Example, typeof NoOptions>;

/** A small adapter that keeps every promise. */
const healthy: Definition = {
  name: "example",
  source: "Custom",
  displayName: "Example",
  record: Example,
  secrets: ["pin", "/hidden"],
  drops: { heartbeat: "keep-alives" },
  countsOccurrences: true,
  formats: { lines: jsonLines },
  drop: (record) => (record.action === "heartbeat" ? "heartbeat" : undefined),
  eventId: (record, { origin }) => {
    const id = textAt(record, "id");
    return id === undefined ? contentId(record, origin.occurrence, "example") : idFrom(id);
  },
  toEvent: (record, { id }) => {
    const take = taking(record);
    return {
      version: "1",
      userIdentity: {
        type: take.text("actor", "type") ?? "Unknown",
        principalId: take.text("actor", "id") ?? "unknown",
      },
      eventSource: "example",
      eventName: take.text("action") ?? record.action,
      eventTime: utcSeconds(record.at),
      UID: take.text("id") ?? id,
      requestParameters: take.rest(),
    };
  },
};

const records: readonly Json[] = [
  {
    id: "r-1",
    action: "login",
    at: "2026-01-01T10:00:00Z",
    actor: { type: "User", id: "ada", mfa: true },
    hidden: "x",
    more: [1, { a: "b" }],
  },
  { action: "logout", at: "2026-01-01T11:00:00Z", actor: { type: "User", id: "ada" } },
  { action: "heartbeat", at: "2026-01-01T12:00:00Z" },
];

/** Fixtures of the healthy one. */
function fixtures(): string {
  const folder = mkdtempSync(join(tmpdir(), "conformance-adapter-"));
  records.forEach((record, index) =>
    writeFileSync(join(folder, `r${index}.record.json`), `${JSON.stringify(record)}\n`),
  );
  const adapter = defineAdapter(healthy);
  process.env["TRIBUTARY_FIXTURES"] = "update";
  for (const fixture of readFixtures(adapter, folder)) compareFixture(adapter, fixture);
  delete process.env["TRIBUTARY_FIXTURES"];
  return folder;
}

async function failed(change: Partial<Definition>): Promise<readonly string[]> {
  const report = await runChecks({
    profile: "adapter",
    checks: adapterChecks(defineAdapter({ ...healthy, ...change }), folder, 100),
    world: undefined,
    subject: "example",
    claimed: new Set(),
    seed: 1,
    strict: true,
  });
  expect(report.results).toHaveLength(Object.keys(adapterPromises).length + 1);
  return report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
}

const folder = fixtures();
afterAll(() => rmSync(folder, { recursive: true }));

test("every promise of the kit's suite has its clause", () => {
  const asked = clauses().filter(({ profile }) => profile === "adapter");
  expect(asked.map(({ id }) => id).toSorted()).toEqual([...Object.values(adapterPromises), fixtureClause].toSorted());
});

test("an adapter that keeps its promises passes", async () => {
  expect(await failed({})).toEqual([]);
});

const event = (change: (made: ReturnType<Definition["toEvent"]>) => object): Partial<Definition> => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a mutant may answer what the types forbid
  toEvent: (record, context) => change(healthy.toEvent(record, context)) as ReturnType<Definition["toEvent"]>,
});
let made = 0;

test.each<readonly [string, Partial<Definition>, readonly string[]]>([
  [
    "throws its rest away",
    event(({ requestParameters: _rest, ...kept }) => kept),
    [
      "adapter/fixtures-as-written",
      "adapter/nothing-is-lost",
      "adapter/unknown-members-are-kept",
      "adapter/mutated-records",
    ],
  ],
  [
    "forgets who it was",
    event((one) => ({ ...one, userIdentity: { type: "User", principalId: "someone" } })),
    ["adapter/fixtures-as-written", "adapter/nothing-is-lost"],
  ],
  ["makes up ids", { eventId: () => `id-${made++}` }, ["adapter/same-record-same-bytes"]],
  [
    "has one id for all",
    { eventId: () => "same" },
    ["adapter/ids-fit-and-differ", "adapter/equal-records-stay-as-many"],
  ],
  ["does not say that it counts", { countsOccurrences: false }, ["adapter/equal-records-stay-as-many"]],
  [
    "drops without a fixture",
    { drops: { ...healthy.drops, other: "why" } },
    ["adapter/drop-rules-can-be-switched-off"],
  ],
  ["is of no source", { source: "Nobody" }, ["adapter/is-one-with-fixtures"]],
  ["names another event", event((one) => ({ ...one, eventName: "Other" })), ["adapter/fixtures-as-written"]],
])("an adapter that %s fails", async (_name, change, expected) => {
  expect(await failed(change)).toEqual(expect.arrayContaining([...expected]));
});
