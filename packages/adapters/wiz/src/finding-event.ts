import { compact, readUtcSeconds, Refused, taking, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";

/** Members that hold the time of a finding, the latest change first. */
const times = ["updatedAt", "statusChangedAt", "createdAt", "created"];

/**
 * An issue or a detection, of the API or of a webhook: what Wiz found, not what somebody did. Wiz revises an issue under
 * one id, so each revision is an event of its own.
 */
export function findingEvent(finding: unknown, id: string): EventData {
  const take = taking(finding);
  const place = findingPlace(finding);
  const kind = textAt(finding, "trigger", "source") === "DETECTIONS" ? "Detection" : "Issue";
  const state = textAt(finding, ...place, "status") ?? textAt(finding, "trigger", "type");
  return {
    version: "1.0",
    userIdentity: { type: "System", principalId: "system" },
    eventSource: "wiz",
    eventName: [kind, state?.toUpperCase()].filter((part) => part !== undefined).join("."),
    eventTime: timeOf(finding, place),
    UID: findingRevision(finding) ?? id,
    additionalEventData: compact({
      severity: take.text(...place, "severity"),
      status: take.text(...place, "status"),
      type: take.text(...place, "type"),
    }),
    requestParameters: take.rest(),
  };
}

/** Where the finding stands: the default body of a webhook has it in `issue`. */
export function findingPlace(finding: unknown): readonly string[] {
  return textAt(finding, "issue", "id") === undefined ? [] : ["issue"];
}

/** The finding's id and its last change; undefined where either is missing, as in the default body of a webhook. */
export function findingRevision(finding: unknown): string | undefined {
  const place = findingPlace(finding);
  const id = textAt(finding, ...place, "id");
  const changed = textAt(finding, ...place, "updatedAt");
  return id === undefined || changed === undefined ? undefined : `${id}@${changed}`;
}

function timeOf(finding: unknown, place: readonly string[]): string {
  for (const name of times) {
    const time = readUtcSeconds(valueAt(finding, ...place, name));
    if (time !== undefined) return time;
  }
  throw new Refused(
    "TIME_MISSING",
    "The finding has no readable updatedAt, statusChangedAt, createdAt or created; eventTime is required.",
    "/updatedAt",
  );
}
