import { type Adapter, isObject, type Json, type Result, valueAt } from "@tributary/adapter-kit";
import { referenceAdapter, referenceDefinition, type ReferenceDefinition } from "./reference-adapter.ts";

/** An adapter with one defect. */
export interface AdapterMutant {
  readonly name: string;
  /** As those of lakes. */
  readonly kills: readonly string[];
  readonly adapter: () => Adapter;
}

type Event = Extract<Result, { readonly kind: "event" }>;
type Made = ReturnType<ReferenceDefinition["toEvent"]>;

/** A defect of its definition. */
function defined(name: string, kills: readonly string[], change: Partial<ReferenceDefinition>): AdapterMutant {
  return { name, kills, adapter: () => referenceAdapter(change) };
}

/** A defect of the event that it makes of a record. */
function inEvent(name: string, kills: readonly string[], change: (made: Made) => object): AdapterMutant {
  return defined(name, kills, {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a mutant may answer what the types forbid
    toEvent: (record, context) => change(referenceDefinition.toEvent(record, context)) as Made,
  });
}

/** A defect of what it answers, behind the kit's back. */
function answering(
  name: string,
  kills: readonly string[],
  change: (result: Result, record: Json) => Result,
): AdapterMutant {
  return {
    name,
    kills,
    adapter: () => {
      const adapter = referenceAdapter();
      return {
        ...adapter,
        map: (value, context) => adapter.map(value, context).map((result) => change(result, value)),
      };
    },
  };
}

const ofEvents = (change: (event: Event, record: Json) => Partial<Event>) => (result: Result, record: Json) =>
  result.kind === "event" ? { ...result, ...change(result, record) } : result;
const without = (kind: Event["marks"][number]["kind"]) =>
  ofEvents(({ marks }) => ({ marks: marks.filter((mark) => mark.kind !== kind) }));
const rewritten = (change: (event: Readonly<Record<string, Json>>, record: Json) => Readonly<Record<string, Json>>) =>
  ofEvents(({ eventData }, record) => {
    const event: Readonly<Record<string, Json>> = JSON.parse(eventData);
    return { eventData: JSON.stringify(change(event, record)) };
  });
let made = 0;

/** Adapters that break a promise. */
export const adapterMutants: readonly AdapterMutant[] = [
  defined("is of no source", ["adapter/is-one"], { source: "Nobody" }),
  defined("claims to poll, and asks whom it polls for no secret", ["adapter/claims"], {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a mutant may answer what the types forbid
    poll: (() => Promise.resolve({ options: { type: "object" }, requestsPerMinute: 1 })) as unknown as NonNullable<
      ReferenceDefinition["poll"]
    >,
  }),
  inEvent(
    "names another event",
    ["adapter/fixtures", "adapter/generated", "adapter/mutated", "adapter/nothing", "adapter/unknown"],
    (one) => ({ ...one, eventName: "Other" }),
  ),
  defined("makes up ids", ["adapter/fixtures", "adapter/same-record"], { eventId: () => `id-${made++}` }),
  defined("takes lists for lines", ["adapter/files"], {
    formats: {
      lines: { ...referenceDefinition.formats["lines"]!, sniff: (head) => head.startsWith("[") },
      list: { ...referenceDefinition.formats["list"]!, sniff: (head) => head.startsWith("{") },
    },
  }),
  answering(
    "names an event as long as its record does",
    ["adapter/events-keep", "adapter/mutated?", "adapter/generated?"],
    rewritten((event, record) => ({ ...event, eventName: valueAt(record, "action") ?? "none" })),
  ),
  answering("does not mark what it cuts", ["adapter/cuts"], without("trimmed")),
  defined("has one id for all", ["adapter/fixtures", "adapter/ids-fit", "adapter/equal"], { eventId: () => "same" }),
  defined("does not say that it counts", ["adapter/equal"], { countsOccurrences: false }),
  answering("throws at what is no object", ["adapter/never-throws"], (result, record) => {
    if (!isObject(record)) throw new Error("no object");
    return result;
  }),
  answering(
    "does not mark what it masks",
    [
      "adapter/fixtures",
      "adapter/secrets",
      "adapter/nothing",
      "adapter/unknown",
      "adapter/mutated?",
      "adapter/generated?",
    ],
    without("redacted"),
  ),
  answering(
    "shows what is hidden where it is long",
    ["adapter/named-secrets", "adapter/events-keep", "adapter/mutated?"],
    rewritten((event, record) => {
      const hidden = valueAt(record, "hidden");
      return typeof hidden === "string" && hidden.length > 9 ? { ...event, errorMessage: hidden } : event;
    }),
  ),
  answering(
    "rounds large numbers",
    ["adapter/numbers", "adapter/mutated?", "adapter/generated?"],
    ofEvents(({ eventData }) => ({
      eventData: eventData.replaceAll(/"(\d{17,})"/g, (_, digits) => String(Number(digits))),
    })),
  ),
  inEvent(
    "forgets who it was",
    ["adapter/fixtures", "adapter/nothing", "adapter/unknown", "adapter/mutated?", "adapter/generated?"],
    (one) => ({
      ...one,
      userIdentity: { type: "User", principalId: "someone" },
    }),
  ),
  inEvent(
    "throws its rest away",
    [
      "adapter/fixtures",
      "adapter/nothing",
      "adapter/unknown",
      "adapter/cuts",
      "adapter/numbers",
      "adapter/secrets?",
      "adapter/mutated?",
      "adapter/generated?",
    ],
    ({ requestParameters: _rest, ...kept }) => kept,
  ),
  inEvent(
    "keeps the members that it knows",
    [
      "adapter/fixtures",
      "adapter/unknown",
      "adapter/cuts",
      "adapter/numbers",
      "adapter/mutated?",
      "adapter/generated?",
    ],
    (one) => ({
      ...one,
      requestParameters: Object.fromEntries(
        Object.entries(one.requestParameters ?? {}).filter(([key]) => /^(actor|hidden|more|size|pin)$/.test(key)),
      ),
    }),
  ),
  defined("drops without a fixture", ["adapter/drop-rules"], {
    drops: { ...referenceDefinition.drops, other: "why" },
  }),
  answering("drops whatever one says", ["adapter/drop-rules"], (result, record) =>
    isObject(record) && record["action"] === "heartbeat" ? { kind: "dropped", part: 0, rule: "heartbeat" } : result,
  ),
];
