import { Refused, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

const isObject = (value: Json | undefined) => typeof value === "object" && value !== null && !Array.isArray(value);

const webhookObjects = ["repository", "organization", "sender"];

/** Records that look like GitHub's and are none of the audit log's: refused by name rather than mapped wrongly. */
const otherKinds: readonly {
  readonly code: string;
  readonly is: (value: Json) => boolean;
  readonly path: string;
  readonly why: string;
}[] = [
  {
    code: "WEBHOOK_PAYLOAD",
    is: (value) => webhookObjects.some((key) => isObject(valueAt(value, key))),
    path: "/repository",
    why: "This is a webhook delivery, not an audit log record: it says neither who acted nor when in a common form.",
  },
  {
    code: "API_ERROR",
    is: (value) =>
      typeof valueAt(value, "message") === "string" &&
      valueAt(value, "documentation_url") !== undefined &&
      valueAt(value, "action") === undefined,
    path: "/message",
    why: "This is an error answer of the REST API, not a page of records.",
  },
];

/** The records of a line or of an API page, which is an array. Throws {@link Refused} for a single value of another kind. */
export function auditRecords(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  for (const kind of otherKinds) {
    if (kind.is(value)) throw new Refused(kind.code, kind.why, kind.path);
  }
  return [value];
}
