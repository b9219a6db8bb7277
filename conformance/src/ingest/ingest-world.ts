import { createHash } from "node:crypto";
import { isMembers, type Members } from "../core/members.ts";
import { type Answer, succeeded } from "../wire/answer.ts";
import type { Entry, Put, Wire } from "../wire/wire.ts";
import { expects, shown } from "../core/unmet.ts";

/** A channel to put events to, whose policy asks for no external id. */
export interface IngestWorld {
  readonly wire: Wire;
  readonly channelArn: string;
  /** Of the channel's owner: 12 digits. */
  readonly accountId: string;
}

/** Who acts in the usual event. */
export const usualIdentity = { type: "User", principalId: "alice@example.com" };

/** An event that keeps every rule of spec 1.7, with changes; a change to undefined leaves the key out. */
export function event(world: Pick<IngestWorld, "accountId" | "wire">, changes: Members = {}): Members {
  return {
    version: "1.0",
    userIdentity: usualIdentity,
    eventSource: "conformance.example.com",
    eventName: "DocumentOpened",
    eventTime: timeAt(world.wire.subject.now() - 60_000),
    UID: "4b2c1f60-5a0e-4c6f-9d0b-0d4f7c1f2a11",
    recipientAccountId: world.accountId,
    ...changes,
  };
}

/** RFC 3339 in UTC, to the second. */
export function timeAt(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** SHA-256 of the UTF-8 bytes, standard Base64: spec 1.9. */
export function checksum(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/** Puts to the world's channel. */
export function put(
  world: IngestWorld,
  entries: readonly Entry[],
  more: Omit<Partial<Put>, "entries"> = {},
): Promise<Answer> {
  return world.wire.put({ channelArn: world.channelArn, ...more, entries });
}

/** How one event ends: its errorCode, or undefined when it was taken. Throws `Unmet` when the whole request was refused. */
export async function endOf(
  world: IngestWorld,
  eventData: unknown,
  more: { readonly eventDataChecksum?: unknown } = {},
): Promise<string | undefined> {
  const answer = await put(world, [{ id: "the-event", eventData, ...more }]);
  return ends(answer).get("the-event");
}

/** Of each id its errorCode, or undefined when it was taken; a list that is missing is empty. Throws `Unmet` for anything but a 200. */
export function ends(answer: Answer): ReadonlyMap<string, string | undefined> {
  const { successful = [], failed = [] } = succeeded(answer);
  expects(Array.isArray(successful) && Array.isArray(failed), "lists, successful and failed", answer.text);
  const found = new Map<string, string | undefined>();
  for (const one of successful) if (isMembers(one)) found.set(String(one["id"]), undefined);
  for (const one of failed) if (isMembers(one)) found.set(String(one["id"]), String(one["errorCode"]));
  return found;
}

/** Throws `Unmet` unless the event is taken. @param about what is special about it */
export async function taken(world: IngestWorld, about: string, eventData: unknown, more = {}): Promise<void> {
  const code = await endOf(world, eventData, more);
  expects(code === undefined, `an event with ${about} is taken`, `errorCode ${code}`);
}

/** Throws `Unmet` unless this event is refused, by itself, with one of these codes. */
export async function rejected(
  world: IngestWorld,
  about: string,
  eventData: unknown,
  codes: readonly string[] | string,
  more = {},
): Promise<void> {
  const code = await endOf(world, eventData, more);
  const wanted = typeof codes === "string" ? [codes] : codes;
  expects(
    code !== undefined && wanted.includes(code),
    `an event with ${about} is refused with ${wanted.join(" or ")}`,
    code === undefined ? "it was taken" : `errorCode ${shown(code)}`,
  );
}

/** An entry with an event of its own. */
export function entry(world: IngestWorld, id: string): Entry {
  return { id, eventData: JSON.stringify(event(world, { UID: `uid-${id}` })) };
}

/** So many entries, `event-0` and on. */
export function many(world: IngestWorld, count: number): readonly Entry[] {
  return Array.from({ length: count }, (_, index) => entry(world, `event-${index}`));
}

/** One entry, `the-event`. */
export function oneEvent(world: IngestWorld): readonly { readonly id: string; readonly eventData: string }[] {
  return [{ id: "the-event", eventData: JSON.stringify(event(world)) }];
}

/** Throws `Unmet` unless {@link oneEvent} was taken. */
export function tookOne(answer: Parameters<typeof ends>[0]): void {
  const found = ends(answer);
  expects(found.has("the-event") && found.get("the-event") === undefined, "the event in successful", answer.text);
}
