/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import { Type as T } from "@sinclair/typebox";
import { expect, test } from "vitest";
import type { TSchema } from "@sinclair/typebox";
import { defineAdapter, SecretOption } from "../src/index.ts";
import type { EventData, Json, Poll } from "../src/index.ts";
import { adapterSuite, samplesRun } from "../src/suite/index.ts";
import { example } from "./example-adapter.ts";
import type { ExampleDefinition } from "./example-adapter.ts";

const fixtures = new URL("fixtures/", import.meta.url);

adapterSuite({ test, adapter: defineAdapter(example), fixtures });
samplesRun({
  test,
  adapter: defineAdapter(example),
  fixtures,
  samples: fixtures,
  minimum: 0.5,
  skip: ["array.event.json", "login.event.json", "refused.event.json", "two-equal-lines-without-id.event.json"],
});

/** The names of the suite's tests that fail for a definition, fixtures aside: they may be in update mode. */
async function failures(change: Partial<ExampleDefinition>): Promise<readonly string[]> {
  const runs: (readonly [string, () => void | Promise<void>])[] = [];
  const run = (name: string, body: () => void | Promise<void>) => runs.push([name, body]);
  adapterSuite({
    test: run,
    adapter: defineAdapter({ ...example, ...change }),
    fixtures,
    runs: 200,
    print: () => undefined,
  });
  const failed: string[] = [];
  for (const [name, body] of runs.filter(([one]) => !one.startsWith("example: fixture "))) {
    try {
      await body();
    } catch {
      failed.push(name.slice("example: ".length));
    }
  }
  return failed;
}

/** The example with its event changed. */
const event = (change: (event: EventData, record: Json) => EventData): Partial<ExampleDefinition> => ({
  toEvent: (record, context) => change(example.toEvent(record, context), record as Json),
});
const lost = "nothing is lost silently: every leaf of a record is in its event";
const unheard = "members nobody has heard of are kept, wherever they stand";
const mutated = "mutated records become valid events, lose nothing, or are refused by name";
const claims = "what it claims beside files, polling and webhooks, is there and says what its options are for";
const pollOf = (options: TSchema): Poll => ({
  options,
  requestsPerMinute: 60,
  exclusive: () => "example",
  pages: async function* () {},
});
let calls = 0;

test.each<[string, Partial<ExampleDefinition>, readonly string[]]>([
  ["nothing", {}, []],
  ["a rest that is thrown away", event(({ requestParameters: _rest, ...kept }) => kept), [lost, unheard, mutated]],
  [
    "the record serialised whole",
    event((made, record) => ({ ...made, requestParameters: { raw: JSON.stringify(record) } })),
    [lost, unheard, mutated],
  ],
  [
    "a member read and not put anywhere",
    event((made) => ({ ...made, userIdentity: { type: made.userIdentity.type, principalId: "someone" } })),
    [lost],
  ],
  [
    "a flag turned into a constant",
    event((made) => ({ ...made, requestParameters: { ...made.requestParameters, actor: { name: "Ada", mfa: true } } })),
    [lost, unheard],
  ],
  [
    "an exception for a surprising type",
    event((made, record) => ({ ...made, eventName: made.eventName + ((record as { id?: string }).id?.trim() ?? "") })),
    [mutated],
  ],
  [
    "a random id",
    { eventId: () => `id-${(calls += 1)}` },
    ["the same record gives the same bytes, and the record stays as it was"],
  ],
  [
    "one id for all",
    { eventId: () => "same" },
    [
      "ids fit, and records of different content keep different ids",
      "equal records without an id of their own stay as many events; those with one stay one",
    ],
  ],
  [
    "occurrence counted but not claimed",
    { countsOccurrences: false },
    ["equal records without an id of their own stay as many events; those with one stay one"],
  ],
  [
    "a drop rule without a fixture",
    { drops: { ...example.drops, other: "why" } },
    ["every drop rule drops a fixture, and can be switched off"],
  ],
  [
    "a poller whose options say nothing",
    { poll: () => Promise.resolve(pollOf(T.Object({ token: SecretOption() }))) },
    [claims],
  ],
  ["a poller without a secret", { poll: () => Promise.resolve(pollOf(T.Object({}))) }, [claims]],
  ["a receiver that is none", { webhook: () => Promise.resolve({ options: T.Object({}) } as never) }, [claims]],
  ["a source that is no row", { source: "Nobody" }, ["is an adapter with fixtures of accepted records"]],
  [
    "a recogniser nothing passes",
    { record: T.Object({ action: T.String(), at: T.Literal(7) }) as never },
    ["is an adapter with fixtures of accepted records"],
  ],
  [
    "a record written to",
    { toEvent: (record, context) => (((record as { seen?: number }).seen = 1), example.toEvent(record, context)) },
    ["the same record gives the same bytes, and the record stays as it was"],
  ],
])(
  "the suite fails for %s",
  async (_what, change, expected) => {
    const failed = await failures(change);
    expect(failed).toEqual(expect.arrayContaining([...expected]));
    if (expected.length === 0) expect(failed).toEqual([]);
  },
  60_000,
);
