import { type Arbitrary, constantFrom, integer, letrec, oneof, record } from "fast-check";
import { type Sample, sampleCount, sampleEvents } from "./sample-events.ts";

/** A condition of WHERE, and what it says of an event: null where it is not known. */
export interface Condition {
  readonly text: string;
  readonly holds: (sample: Pick<Sample, "event" | "ms">) => boolean | null;
}

/** Fields of text: how SQL writes them, and where they are in an event. */
export const fields: Readonly<Record<string, (sample: Pick<Sample, "event">) => string | undefined>> = {
  "eventData.eventName": ({ event }) => event.eventName,
  "eventData.userIdentity.principalId": ({ event }) => event.userIdentity.principalId,
  "eventData.userIdentity.type": ({ event }) => event.userIdentity.type,
  "eventData.errorCode": ({ event }) => event.errorCode,
  "eventData.userAgent": ({ event }) => event.userAgent,
  "eventData.sourceIPAddress": ({ event }) => event.sourceIPAddress,
  "eventData.UID": ({ event }) => event.UID,
  "element_at(eventData.additionalEventData, 'risk')": ({ event }) => textOf(event.additionalEventData?.["risk"]),
  "element_at(eventData.requestParameters, 'target')": ({ event }) => textOf(event.requestParameters["target"]),
};

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** By UTF-8, as SQL sorts texts. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const names = Object.keys(fields);
const none = "nobody's";
/** Of every field the values that there are, and one that there is not. */
const values: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  names.map((name) => {
    const found = sampleEvents("", "", 0).map((sample) => fields[name]!(sample));
    return [name, [...new Set(found.filter((value) => value !== undefined)), none]];
  }),
);

/** A field, and a value that some event may have. */
export const fieldAndValue: Arbitrary<{ readonly field: string; readonly value: string }> = record({
  field: constantFrom(...names),
  n: integer({ min: 0, max: sampleCount }),
}).map(({ field, n }) => ({ field, value: values[field]![n % values[field]!.length]! }));

const of = (field: string, sample: Pick<Sample, "event">): string | null => fields[field]!(sample) ?? null;
const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

const equal = record({ where: fieldAndValue, isNot: constantFrom(false, true) }).map(
  ({ where: { field, value }, isNot }): Condition => ({
    text: `${field} ${isNot ? "<>" : "="} ${quoted(value)}`,
    holds: (sample) => {
      const found = of(field, sample);
      return found === null ? null : (found === value) !== isNot;
    },
  }),
);

const above = fieldAndValue.map(({ field, value }): Condition => ({
  text: `${field} > ${quoted(value)}`,
  holds: (sample) => {
    const found = of(field, sample);
    return found === null ? null : byBytes(found, value) > 0;
  },
}));

const absent = constantFrom(...names).map((field): Condition => ({
  text: `${field} IS NULL`,
  holds: (sample) => of(field, sample) === null,
}));

const begins = record({ where: fieldAndValue, length: integer({ min: 1, max: 5 }) }).map(
  ({ where: { field, value }, length }): Condition => {
    const start = (value.match(/[^]/gu) ?? []).slice(0, length).join("");
    return {
      text: `${field} LIKE ${quoted(`${start.replaceAll(/[%_!]/g, "!$&")}%`)} ESCAPE '!'`,
      holds: (sample) => {
        const found = of(field, sample);
        return found === null ? null : found.startsWith(start);
      },
    };
  },
);

const within = record({ first: fieldAndValue, second: integer({ min: 0, max: sampleCount }) }).map(
  ({ first: { field, value }, second }): Condition => {
    const list = [value, values[field]![second % values[field]!.length]!];
    return {
      text: `${field} IN (${list.map(quoted).join(", ")})`,
      holds: (sample) => {
        const found = of(field, sample);
        return found === null ? null : list.includes(found);
      },
    };
  },
);

/** @param from ms since 1970, of the first event */
function later(from: number): Arbitrary<Condition> {
  return integer({ min: 0, max: sampleCount }).map((n): Condition => {
    const at = from + n * 421_000;
    return { text: `eventTime >= '${timeText(at)}'`, holds: ({ ms }) => ms >= at };
  });
}

/** Conditions with AND, OR and NOT, the simple ones first. @param from ms since 1970, of the first event */
export function conditions(from: number): Arbitrary<Condition> {
  return letrec<{ any: Condition; simple: Condition; both: Condition; not: Condition }>((tie) => ({
    any: oneof({ depthSize: "small", withCrossShrink: true }, tie("simple"), tie("both"), tie("not")),
    simple: oneof(equal, above, absent, begins, within, later(from)),
    both: record({ left: tie("any"), right: tie("any"), word: constantFrom("AND", "OR") }).map(
      ({ left, right, word }): Condition => ({
        text: `(${left.text} ${word} ${right.text})`,
        holds: (sample) => {
          const sides = [left.holds(sample), right.holds(sample)];
          const decides = word === "OR";
          return sides.includes(decides) ? decides : sides.includes(null) ? null : !decides;
        },
      }),
    ),
    not: tie("any").map(({ text, holds }): Condition => ({
      text: `NOT (${text})`,
      holds: (sample) => {
        const found = holds(sample);
        return found === null ? null : !found;
      },
    })),
  })).any;
}
