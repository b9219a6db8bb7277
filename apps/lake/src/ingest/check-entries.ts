import { checkAuditEvent, eventId, limits, parseEventTime } from "@tributary/schema";
import type { PutEntry } from "./put-request.ts";

/** An entry after its own checks: what to store, or why not. */
export type CheckedEntry =
  | {
      readonly id: string;
      readonly eventID: string;
      /** Milliseconds since 1970. */
      readonly eventTime: number;
      readonly eventData: string;
      /** Whether eventData has a top-level key that the schema does not know. */
      readonly hasUnknownKeys: boolean;
    }
  | { readonly id: string; readonly errorCode: string; readonly errorMessage: string };

export interface CheckContext {
  readonly channelArn: string;
  /** Owner of the channel. */
  readonly accountId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly strict: boolean;
  /** How far after `now` an eventTime may lie, ms; by default a day. */
  readonly maxFutureMs?: number | undefined;
  /** The only values of eventSource that are accepted, where the host has named them for the channel's source. */
  readonly eventSources?: readonly string[] | undefined;
}

/** Checks 1 to 8 of spec 1.7 for each entry, in order. */
export function checkEntries(entries: readonly PutEntry[], context: CheckContext): readonly CheckedEntry[] {
  const { channelArn, accountId, now, strict } = context;
  const { eventSources, maxFutureMs } = context;
  const options = {
    profile: "server",
    strict,
    accountId,
    now,
    ...(eventSources && { eventSources }),
    ...(maxFutureMs !== undefined && { maxFutureMs }),
  } as const;
  return entries.map(({ id, eventData, eventDataChecksum }) => {
    const { problems, event, eventTimeSeconds, unknownKeys } = checkAuditEvent(
      { eventData, eventDataChecksum },
      options,
    );
    const [problem] = problems;
    if (problem || !event || eventTimeSeconds === undefined)
      return failed(id, problem?.code ?? "InternalFailure", problem?.message ?? "The event could not be checked.");
    // A checksum that was found right is the hash that the eventID is made of.
    const data = eventDataChecksum === undefined ? eventData : Buffer.from(eventDataChecksum, "base64");
    const eventID = eventId({ channelArn, id, eventData: data, eventTimeSeconds });
    const eventTime = parseEventTime(event.eventTime)?.millis ?? eventTimeSeconds * 1000;
    return { id, eventID, eventTime, eventData, hasUnknownKeys: unknownKeys > 0 };
  });
}

/** An entry of `failed`, its message within the model's limits. Spec 1.2. */
export function failed(
  id: string,
  errorCode: string,
  errorMessage: string,
): { readonly id: string; readonly errorCode: string; readonly errorMessage: string } {
  return { id, errorCode, errorMessage: errorMessage === "" ? errorCode : errorMessage.slice(0, limits.errorMessage) };
}
