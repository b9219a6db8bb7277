import { contentId, readUtcSeconds, textAt, valueAt } from "@tributary/adapter-kit";
import { idAt } from "./spellings.ts";

/**
 * The id of an audit log record, which has none of its own: a digest of when, what, where, who and how. The same for the
 * REST API, the v1 API, EventBridge and a warehouse's copy, and whether the organization or its group was asked.
 */
export function recordId(record: unknown, occurrence: number): string {
  const org = idAt(record, "org");
  const content = {
    created: exactTime(textAt(record, "created")),
    event: textAt(record, "event"),
    // Asked for a group, Snyk may name the group in the organization's records too.
    ...(org === undefined ? { group: idAt(record, "group") } : { org }),
    project: idAt(record, "project"),
    user: idAt(record, "user"),
    content: valueAt(record, "content") ?? {},
  };
  return contentId(content, occurrence, "snyk");
}

/** A time in one spelling, its fraction kept: warehouses write blanks and zeros that Snyk does not. */
function exactTime(created: string | undefined): string | undefined {
  const seconds = readUtcSeconds(created);
  if (created === undefined || seconds === undefined) return created;
  const fraction = /:\d\d[.,](\d{1,12})/.exec(created)?.[1];
  return fraction === undefined ? seconds : `${seconds}${fraction.replace(/0+$/, "")}`;
}
