import { isObject, Refused, text, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { hideTyped } from "./hide-typed.ts";
import { unfolded } from "./unfolded.ts";

/**
 * The records of a line, document or page: `audit_record` and `monitor_record` of the Vault without what is around them,
 * the `data` of a page, the elements of an array. The syslog header stays with its record; texts that hold several values
 * are unfolded, what a user typed in a session is set apart. Throws {@link Refused} for a single value of another kind.
 */
export function cyberarkRecords(value: Json): readonly Json[] {
  const found = elementsOf(value);
  if (found.length === 1) refuseOtherKinds(found[0]!);
  return found.map((record) => (isObject(record) ? hideTyped(unfolded(record)) : record));
}

function elementsOf(value: Json): readonly Json[] {
  if (isArray(value)) return value.flatMap(elementsOf);
  if (!isObject(value)) return [value];
  const vault = each(valueAt(value, "syslog"));
  const header = valueAt(value, "header");
  const audits = vault.flatMap((document) => each(valueAt(document, "audit_record")));
  const monitors = vault
    .flatMap((document) => each(valueAt(document, "monitor_record")))
    .map((record) => ({ monitor_record: record }));
  if (audits.length + monitors.length > 0)
    return [...audits, ...monitors].map((record) =>
      header === undefined || !isObject(record) ? record : { header, ...record },
    );
  const data = valueAt(value, "data");
  return isArray(data) && valueAt(value, "uuid") === undefined ? data.flatMap(elementsOf) : [value];
}

const each = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : isArray(value) ? value : [value];

/** Members that make a record one of those that are mapped: all of one of these. */
const members: readonly (readonly string[])[] = [
  ["MessageID"],
  ["monitor_record"],
  ["cef"],
  ["leef"],
  ["uuid", "auditCode"],
  ["id", "type", "createTime", "score"],
];

/** Records that look like CyberArk's and are none that is mapped. */
function refuseOtherKinds(record: Json): void {
  if (members.some((keys) => keys.every((key) => valueAt(record, key) !== undefined)))
    return refuseOtherVendors(record);
  const isError =
    textAt(record, "error_description") !== undefined ||
    (textAt(record, "code") !== undefined && textAt(record, "message") !== undefined);
  if (isError) throw new Refused("API_ERROR", "This is an error answer of CyberArk's API, not a record.", "/message");
  if (
    textAt(record, "EventType") !== undefined &&
    ["FromIPAddress", "EntityUuid", "AuthMethod"].some((column) => valueAt(record, column) !== undefined)
  )
    throw new Refused(
      "IDENTITY_EVENT_ROW",
      "This is a row of CyberArk Identity's Event table; read the same events from the Audit service.",
      "/EventType",
    );
  throw new Refused(
    "RECORD_NOT_RECOGNISED",
    "Not a record of CyberArk: neither of the Vault (MessageID), nor of the Audit service (uuid, auditCode), nor of PTA.",
  );
}

function refuseOtherVendors(record: Json): void {
  const vendor = valueAt(record, "vendor");
  if (vendor !== undefined && !/^Cyber-?Ark$/.test(`${text(vendor)}`))
    throw new Refused("RECORD_NOT_RECOGNISED", "This is the CEF or LEEF of another vendor.", "/vendor");
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
