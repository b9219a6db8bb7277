import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/** The ids of a record and their names in the REST API and in the v1 API, which EventBridge uses too. */
const names = {
  org: ["org_id", "orgId"],
  group: ["group_id", "groupId"],
  project: ["project_id", "projectId"],
  user: ["user_id", "userId"],
} as const;

type SnykId = keyof typeof names;

/** The name of an id in a record: the REST API's, unless only the v1 API's is there. */
function nameOf(record: unknown, id: SnykId): string {
  const [rest, v1] = names[id];
  return valueAt(record, rest) === undefined && valueAt(record, v1) !== undefined ? v1 : rest;
}

/** An id as either API spells it. */
export function idAt(record: unknown, id: SnykId): string | undefined {
  return textAt(record, nameOf(record, id));
}

/** {@link idAt}, taken. */
export function takeId(record: unknown, take: Taking, id: SnykId): string | undefined {
  return take.text(nameOf(record, id));
}

/** Whether a record is spelt as the v1 API spells it. */
export function isV1(record: unknown): boolean {
  return Object.values(names).some(([, v1]) => textAt(record, v1) !== undefined);
}
