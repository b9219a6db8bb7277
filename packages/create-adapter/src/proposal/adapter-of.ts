import {
  compact,
  contentId,
  defineAdapter,
  idFrom,
  readUtcSeconds,
  taking,
  textAt,
  utcSeconds,
  valueAt,
} from "@tributary/adapter-kit";
import type { Adapter, Taking } from "@tributary/adapter-kit";
import { readCefTime } from "@tributary/adapter-kit/readers";
import type { SampleFormat } from "../samples/sample-format.ts";
import { formatsOf } from "./formats-of.ts";
import type { Identity } from "./identity.ts";
import type { Guess, Proposal } from "./proposal.ts";
import { recogniserOf } from "./recogniser.ts";
import { recordSchema } from "./record-schema.ts";

/**
 * The adapter that the generated source defines, without compiling it: for the fixtures' events and for what becomes of the
 * samples. What it does and what adapter-source.ts writes must be the same; a test holds them together.
 */
export function adapterOf(proposal: Proposal, { name, displayName, source }: Identity, format: SampleFormat): Adapter {
  const { times, action, actors, actorType, details, id: ownId, addresses, agent, rest } = proposal;
  const timeOf = (record: unknown, near: string): string => {
    const read = (value: unknown) => (format.kind === "cef" ? readCefTime(value, { near }) : readUtcSeconds(value));
    const [one, other] = times.map(({ path }) => valueAt(record, ...path));
    if (times.length === 0) return utcSeconds(near);
    const last = times.length === 2 ? other : one;
    const found = times.length === 2 ? read(one) : undefined;
    return found ?? utcSeconds(format.kind === "cef" ? read(last) : last);
  };
  return defineAdapter({
    name,
    source,
    displayName,
    record: recordSchema(recogniserOf(proposal)),
    countsOccurrences: true,
    formats: formatsOf(format),
    eventId: (record, { origin }) => {
      const own = ownId === undefined ? undefined : textAt(record, ...ownId.path);
      return own === undefined ? contentId(record, origin.occurrence, name) : idFrom(own);
    },
    toEvent: (record, { id, origin }) => {
      const take = taking(record);
      return {
        version: "1",
        userIdentity: {
          type: (actorType && take.text(...actorType.path)) ?? (actors.length === 0 ? "Unknown" : "User"),
          principalId: first(actors, (...path) => take.text(...path)) ?? "unknown",
          details: compact(Object.fromEntries(details.map((path) => [path.at(-1) ?? "", take.value(...path)]))),
        },
        userAgent: agent && take.text(...agent.path),
        eventSource: name,
        eventName: (action && take.text(...action.path)) ?? `${name}.event`,
        eventTime: timeOf(record, origin.receivedAt),
        UID: (ownId && take.text(...ownId.path)) ?? id,
        sourceIPAddress: first(addresses, (...path) => take.ipAddress(...path)),
        [rest]: take.rest(),
      };
    },
  });
}

/** The first of the members that holds what is read. */
function first(guesses: readonly Guess[], read: Taking["text"]): string | undefined {
  for (const { path } of guesses) {
    const found = read(...path);
    if (found !== undefined) return found;
  }
  return undefined;
}
