import { isMembers, type Members } from "../core/members.ts";
import type { StoredEvent } from "./control-state.ts";
import type { Table } from "./sql/table.ts";
import { Row, Time, type Value } from "./sql/value.ts";

/** The columns of an event, by their names in the schema. Spec 1.8. */
export type Columns = Readonly<Record<string, Value>>;

/** An event as a row of its store. @param region of the lake */
export function columnsOf(
  { eventID, eventData, eventTime, channelArn, ingestedAt }: StoredEvent,
  region: string,
): Columns {
  const event: unknown = JSON.parse(eventData);
  const members: Members = isMembers(event) ? event : {};
  const text = (name: string): Value => textOf(members[name]);
  const map = (name: string): Value => mapOf(members[name]);
  const who: Members = isMembers(members["userIdentity"]) ? members["userIdentity"] : {};
  return {
    eventversion: "1.0",
    eventcategory: "ActivityAuditLog",
    eventtype: "ActivityLog",
    eventid: eventID,
    eventtime: new Time(eventTime),
    awsregion: region,
    recipientaccountid: text("recipientAccountId"),
    addendum: null,
    metadata: rowOf({ ingestiontime: `${new Date(ingestedAt).toISOString().slice(0, 19)}Z`, channelarn: channelArn }),
    eventdata: rowOf({
      version: text("version"),
      useridentity: rowOf({
        type: textOf(who["type"]),
        principalid: textOf(who["principalId"]),
        details: mapOf(who["details"]),
      }),
      useragent: text("userAgent"),
      eventsource: text("eventSource"),
      eventname: text("eventName"),
      eventtime: text("eventTime"),
      uid: text("UID"),
      requestparameters: map("requestParameters"),
      responseelements: map("responseElements"),
      errorcode: text("errorCode"),
      errormessage: text("errorMessage"),
      errormssage: text("errorMessage"),
      sourceipaddress: text("sourceIPAddress"),
      recipientaccountid: text("recipientAccountId"),
      additionaleventdata: map("additionalEventData"),
    }),
  };
}

/** Rows as a table. */
export function tableOf(rows: readonly Columns[], names: readonly string[]): Table {
  return {
    columns: names.map((name) => ({ name })),
    rows: rows.map((row) => names.map((name) => row[name] ?? null)),
  };
}

/** The columns of every store, in their order. */
export const columnNames = [
  "eventversion",
  "eventcategory",
  "eventtype",
  "eventid",
  "eventtime",
  "awsregion",
  "recipientaccountid",
  "addendum",
  "metadata",
  "eventdata",
] as const;

export const rowOf = (fields: Columns): Row => new Row(Object.entries(fields));
const textOf = (value: unknown): Value => (typeof value === "string" ? value : null);

/** A map of texts: what is no text is its JSON. */
function mapOf(value: unknown): Value {
  if (!isMembers(value)) return null;
  const entries = Object.entries(value).map(
    ([key, one]) => [key, one === null || typeof one === "string" ? one : JSON.stringify(one)] as const,
  );
  return new Map(entries);
}
