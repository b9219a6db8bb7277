import { isObject, textAt, valueAt } from "@tributary/adapter-kit";
import type { JsonObject } from "@tributary/adapter-kit";
import type { Field } from "./fields-of.ts";
import { fieldsOf } from "./fields-of.ts";
import { guessAction } from "./guess-action.ts";
import { guessActors } from "./guess-actors.ts";
import { guessAddresses } from "./guess-addresses.ts";
import { guessAgent } from "./guess-agent.ts";
import { guessId } from "./guess-id.ts";
import { guessTimes } from "./guess-times.ts";
import type { Guess, Path, Proposal } from "./proposal.ts";
import { quoted } from "./quoted.ts";

const outcome = /^(?:outcome|result|status|success|error|error_code|error_message|response_code|status_code|reason)$/;

/** additionalEventData holds 28,000 bytes of JSON; a record that nears it goes to requestParameters, which holds 100,000. */
const largeRecord = 14_000;

/**
 * A first mapping of sample records, guessed by the names of members and the forms of their values. Never throws, whatever
 * the records are.
 * @param cef whether the records are of CEF lines: they have its header's fields and an `extension`
 */
export function propose(records: readonly JsonObject[], { cef = false }: { readonly cef?: boolean } = {}): Proposal {
  const fields = fieldsOf(records);
  const samples = records.length;
  const found = guessTimes(fields, samples, cef);
  const times = found.every(({ path }) => leadsThroughObjects(records, path)) ? found : found.slice(0, 1);
  const action = guessAction(fields, samples, cef);
  const free = fields.filter(({ path }) => !isOneOf(path, [...times, action]));
  const id = guessId(free, samples);
  const actors = guessActors(
    free.filter(({ path }) => !isOneOf(path, [id])),
    samples,
  );
  const beside = besideActor(records, free, actors[0]?.path);
  return {
    times,
    action,
    actors,
    actorType: beside.type,
    details: beside.details.filter((path) => !isOneOf(path, actors)),
    id,
    addresses: guessAddresses(free, samples),
    agent: guessAgent(free, samples),
    outcomes: fields
      .filter(({ name }) => outcome.test(name))
      .map(({ path }) => path)
      .slice(0, 4),
    rest: records.some((record) => JSON.stringify(record).length > largeRecord)
      ? "requestParameters"
      : "additionalEventData",
    samples,
  };
}

/** The other members of an object that is all about the actor (`actor.id` has such a one; `user_id` at the top has none). */
function besideActor(
  records: readonly JsonObject[],
  fields: readonly Field[],
  actor: Path | undefined,
): { readonly type: Guess | undefined; readonly details: readonly Path[] } {
  const parent = actor?.slice(0, -1) ?? [];
  if (!/^(?:actor|user|principal|subject|caller|initiator)$/i.test(parent.at(-1) ?? ""))
    return { type: undefined, details: [] };
  const beside = fields
    .map(({ path }) => path)
    .filter((path) => path.length === parent.length + 1 && parent.every((step, at) => path[at] === step));
  const typePath = beside.find((path) => path.at(-1)?.toLowerCase() === "type");
  const typed = typePath && records.filter((record) => typeof valueAt(record, ...typePath) === "string").length;
  return {
    type:
      typePath === undefined || typed !== records.filter((record) => textAt(record, ...typePath) !== undefined).length
        ? undefined
        : {
            path: typePath,
            isSure: true,
            isAlwaysThere: typed === records.length,
            why: `${quoted(typePath)} stands beside it.`,
          },
    details: beside.filter((path) => path !== typePath).slice(0, 8),
  };
}

/** Whether what stands on the way to a member is an object or absent, in every record: only then can a schema leave it open. */
function leadsThroughObjects(records: readonly JsonObject[], path: Path): boolean {
  return records.every((record) =>
    path.every((_step, depth) => {
      const value = valueAt(record, ...path.slice(0, depth));
      return value === undefined || isObject(value);
    }),
  );
}

function isOneOf(path: Path, guesses: readonly (Guess | undefined)[]): boolean {
  return guesses.some((guess) => guess?.path === path);
}
