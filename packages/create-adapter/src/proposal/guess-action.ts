import { ipAddress } from "@tributary/adapter-kit";
import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";
import { rank } from "./rank.ts";
import { readTime } from "./read-time.ts";

/** Names of what was done, the plainest first. The later ones often name something wider. */
const names = [
  "event_name",
  "action",
  "event_type",
  "operation",
  "operation_name",
  "action_name",
  "action_type",
  "activity",
  "activity_name",
  "activity_type",
  "event_action",
  "event_code",
];
const wider = [
  "event",
  "name",
  "type",
  "act",
  "verb",
  "method",
  "kind",
  "command",
  "message_type",
  "category",
  "title",
];

/** What was done: a member of short texts that repeat. */
export function guessAction(fields: readonly Field[], samples: number, cef: boolean): Guess | undefined {
  const [best] = rank(fields, {
    samples,
    fits: cef ? (value) => typeof value === "string" : isName,
    share: 0.9,
    score: ({ name, longName, path, values }) => {
      // The header of CEF has a field for it.
      if (cef) return path.length === 1 && name === "name" ? 100 : 0;
      const listed = names.indexOf(names.includes(longName) ? longName : name);
      const listedWider = wider.indexOf(name);
      const score =
        listed >= 0
          ? 100 - listed
          : listedWider >= 0 && path.length <= 2
            ? 50 - listedWider
            : isDotted(values, longName)
              ? 20
              : 0;
      // What differs in every one of many samples is a text about it, not its name.
      return values.length >= 8 && new Set(values).size === values.length ? score / 4 : score;
    },
    what: "is a short text",
    isNeeded: true,
  });
  return best;
}

function isName(value: string | number | boolean): boolean {
  return (
    typeof value === "string" &&
    value.length <= 128 &&
    /^\p{L}[\p{L}\p{N} _.:/()-]*$/u.test(value) &&
    readTime(value, true) === undefined &&
    ipAddress(value) === undefined &&
    !/^[0-9a-f]{8}-|:\/\//i.test(value)
  );
}

/** `user.created`, `file:read`: names of events are written so. So are names of hosts, files and people, which do not repeat as much. */
function isDotted(values: readonly unknown[], name: string): boolean {
  return (
    values.length > new Set(values).size &&
    !/user|actor|name|mail|host|domain|url|uri|path|file|class|package|version/.test(name) &&
    values.every((value) => typeof value === "string" && /^[a-z]{2,}(?:_[a-z]+)*[.:][a-z_.:]{2,}$/i.test(value))
  );
}
