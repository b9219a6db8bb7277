import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";
import { rank } from "./rank.ts";
import { readTime } from "./read-time.ts";

/** Names of who did it, the surest first: an id before a name before an address. */
const names = [
  "actor_id",
  "user_id",
  "principal_id",
  "actor_uid",
  "user_uid",
  "caller_id",
  "initiator_id",
  "actor",
  "user",
  "principal",
  "suser",
  "username",
  "user_name",
  "actor_name",
  "actor_username",
  "user_username",
  "login",
  "actor_login",
  "user_login",
  "actor_email",
  "user_email",
  "email",
  "subject",
  "sub",
  "initiator",
  "caller",
  "performed_by",
  "created_by",
  "operator",
  "identity",
  "account_id",
  "account",
  "member",
  "owner",
  "duser",
];
const notWho = /target|recipient|affected|object|resource|new_|old_|dest/;

/** Who did it: at most two members, the second for records without the first. */
export function guessActors(fields: readonly Field[], samples: number): readonly Guess[] {
  return rank(fields, {
    samples,
    fits: (value) => typeof value !== "boolean" && String(value).length <= 256 && !looksLikeTime(value),
    share: 0.9,
    score: ({ name, longName, path }) => {
      if (path.some((step) => notWho.test(step.toLowerCase()))) return 0;
      // `id` alone is nobody's; `actor.id` is the actor's.
      const own = path.length > 1 && names.includes(longName) ? longName : name;
      const listed = names.indexOf(own);
      return listed < 0 ? 0 : 100 - listed;
    },
    what: "has a value",
    isNeeded: false,
  }).slice(0, 2);
}

const looksLikeTime = (value: unknown) =>
  typeof value === "string" && /\d{4}-\d\d-\d\d/.test(value) && readTime(value, false) !== undefined;
