import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";
import { rank } from "./rank.ts";
import { readTime } from "./read-time.ts";

/** Names of the time of an event, the plainest first. */
const names = [
  "event_time",
  "time",
  "timestamp",
  "occurred_at",
  "created_at",
  "created",
  "published",
  "rt",
  "date_time",
  "datetime",
  "date",
  "at",
  "ts",
  "when",
  "logged_at",
  "start_time",
  "operation_start_time",
  "end",
  "start",
  "syslog_time",
];
const maybe = /time|date|stamp|_at$|(?:^|_)on$/;
const another = /expir|until|valid|birth|modified|updated|last_|previous|_was|ttl|duration|elapsed/;

/** When it happened: a member whose values read as times, and a second one where some samples lack the first. */
export function guessTimes(fields: readonly Field[], samples: number, cef: boolean): readonly Guess[] {
  const ranked = rank(fields, {
    samples,
    fits: (value) => readTime(value, cef) !== undefined,
    share: 0.9,
    score: ({ name, longName, path }) => {
      const listed = names.indexOf(path.length > 1 && names.includes(longName) ? longName : name);
      const score = listed >= 0 ? 100 - listed : maybe.test(name) ? 50 : 10;
      return another.test(longName) ? score / 10 : score;
    },
    what: "reads as a time",
    isNeeded: true,
  });
  return ranked.slice(0, ranked[0]?.isAlwaysThere === true ? 1 : 2);
}
