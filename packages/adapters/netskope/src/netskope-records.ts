import { Refused, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * The records of a page (`result` of the REST API v2, `data` of v1), of an array, or one record. Throws {@link Refused}
 * `API_ERROR` for an answer that has no records.
 */
export function netskopeRecords(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  if (valueAt(value, "timestamp") !== undefined) return [value];
  const status = textAt(value, "status");
  const isAnswer = valueAt(value, "ok") !== undefined || status === "success" || status === "error";
  for (const member of isAnswer ? ["result", "data"] : []) {
    const records = valueAt(value, member);
    if (Array.isArray(records)) return records as readonly Json[];
  }
  if (isAnswer || isMessage(value))
    throw new Refused(
      "API_ERROR",
      "This is an answer of Netskope's API without records, such as an error: check the token and its endpoints.",
    );
  return [value];
}

/** Nothing but a message and a code: how a gateway refuses. */
function isMessage(value: Json): boolean {
  const members = Object.keys(Object(value));
  return members.length > 0 && members.every((member) => /^(?:message|code|status|errors?|errorCode)$/.test(member));
}
