import { Refused, taking } from "@tributary/adapter-kit";
import type { EventData, Json, Origin } from "@tributary/adapter-kit";
import type { CompiledEvent } from "./compile-event.ts";
import type { FoundTime } from "./compile-time.ts";
import { idByContent } from "./compile-id.ts";
import type { CompiledKind, CompiledMapping } from "./compile-mapping.ts";
import { find } from "./find.ts";
import { joinRest } from "./join-rest.ts";
import type { Scope } from "./scope.ts";
import { oneOf } from "./wording.ts";
import { stepsOf } from "./compilation.ts";

/** The event's id of a record: its own, else one of its content. Throws {@link Refused} for records of no kind. */
export function idOfRecord(record: Json, origin: Origin, mapping: CompiledMapping): string {
  const scope = scopeOf(record, origin);
  const { eventTime } = kindOf(record, mapping).event;
  return mapping.id.id(scope) ?? idByContent(scope, mapping.name, eventTime?.evaluate(scope));
}

/**
 * The event of a record. Throws {@link Refused}: `RECORD_NOT_RECOGNISED` for records of no kind, `MAPPING_NO_VALUE` where
 * eventName or eventSource come out empty, `TIME_MISSING` and `TIME_UNREADABLE`.
 */
export function eventOfRecord(record: Json, origin: Origin, mapping: CompiledMapping, id: string): EventData {
  const scope = scopeOf(record, origin);
  const { event } = kindOf(record, mapping);
  const { texts, objects } = event;
  const { eventTime, received } = timeOf(scope, event);
  const additional = objects.additionalEventData?.(scope);
  const data: EventData = {
    version: texts.version?.read(scope) ?? "1",
    userIdentity: {
      type: texts.type?.read(scope) ?? "Unknown",
      principalId: texts.principalId?.read(scope) ?? "unknown",
      details: objects.details?.(scope),
    },
    userAgent: texts.userAgent?.read(scope),
    eventSource: needed(scope, event, "eventSource"),
    eventName: needed(scope, event, "eventName"),
    eventTime,
    UID: texts.UID?.read(scope) ?? mapping.id.uid(scope) ?? id,
    requestParameters: objects.requestParameters?.(scope),
    responseElements: objects.responseElements?.(scope),
    errorCode: texts.errorCode?.read(scope),
    errorMessage: texts.errorMessage?.read(scope),
    sourceIPAddress: texts.sourceIPAddress?.read(scope),
    additionalEventData: received === "all" ? { eventTimeFrom: "receivedAt", ...additional } : additional,
  };
  const rest = scope.take.rest();
  return rest === undefined ? data : { ...data, [mapping.rest]: joinRest(data[mapping.rest], rest) };
}

function scopeOf(record: Json, origin: Origin): Scope {
  return { record, take: taking(record), origin };
}

/** The kind of a record. */
function kindOf(record: Json, { kinds, format, name }: CompiledMapping): CompiledKind {
  if (typeof record !== "object" || record === null || Array.isArray(record))
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      `This is no object but ${whatIs(record)}; a mapping reads the members of objects.`,
    );
  if (format !== undefined && !format.is(record))
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      `This is no ${format.displayName}, which the mapping ${name} extends; it has the members ${membersOf(record)}.`,
    );
  const other = format?.otherKind?.(record);
  if (other !== undefined) throw other;
  const kind = kinds.find(({ holds }) => holds(record));
  if (kind === undefined)
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      `The record is none of the kinds of the mapping ${name}: ${kinds.map((one) => one.name).join(", ")}. Add one without when for all others, or a rule to drop.`,
    );
  return kind;
}

/** The first members of a record, for messages: names, never values. */
export function membersOf(record: Json): string {
  const names = Object.keys(record ?? {}).map((key) => key.slice(0, 40));
  if (names.length === 0) return "none";
  return names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
}

function needed(scope: Scope, { texts }: CompiledEvent, name: "eventName" | "eventSource"): string {
  const member = texts[name];
  const value = member?.read(scope);
  if (value !== undefined) return value;
  const pointers = member?.pointers ?? [];
  const place = member?.place ?? "";
  const fix =
    place === ""
      ? "Lay a mapping over the built-in table that names another member."
      : `Name another member at ${place} of the mapping, or end its list with a constant.`;
  throw new Refused(
    "MAPPING_NO_VALUE",
    `${name} came out empty, and every event needs one. The record has ${found(scope.record, pointers)}. ${fix}`,
    pointers[0] ?? "",
  );
}

function timeOf(scope: Scope, { eventTime }: CompiledEvent): FoundTime {
  const time = eventTime?.evaluate(scope);
  if (time !== undefined) return time;
  const pointers = eventTime?.pointers ?? [];
  const formats = [...new Set(eventTime?.formats)];
  const there = pointers.find((pointer) => !["nothing", "null", "a blank text"].includes(at(scope.record, pointer)));
  const wanted = there === undefined || formats.length === 0 ? "" : ` that is not ${oneOf(formats)}`;
  throw new Refused(
    there === undefined ? "TIME_MISSING" : "TIME_UNREADABLE",
    `No time can be read, and every event needs one. The record has ${found(scope.record, pointers)}${wanted}. Name another member, a format or a pattern for eventTime, or end its list with {receivedAt: true}.`,
    there ?? pointers[0] ?? "",
  );
}

/** What stands at some pointers, for messages: kinds, never values. */
function found(record: Json, pointers: readonly string[]): string {
  const shown = [...new Set(pointers)].slice(0, 12);
  return shown.length === 0
    ? "nothing for it"
    : shown.map((pointer) => `${at(record, pointer)} at ${pointer}`).join(", ");
}

const at = (record: Json, pointer: string): string =>
  find(record, stepsOf(pointer), (value) => whatIs(value)) ?? "nothing";

function whatIs(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return value.trim() === "" ? "a blank text" : "a text";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
