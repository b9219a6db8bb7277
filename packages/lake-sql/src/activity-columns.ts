import { mapOf, rowOf, timestamptz, varchar, date, type SqlType } from "./sql-type.ts";

/** A column of an event data store as queries see it. */
export interface TableColumn {
  /** Lower case. */
  readonly name: string;
  readonly type: SqlType;
  /** Not part of `SELECT *`; readable by name. */
  readonly hidden?: boolean;
}

const textMap = mapOf(varchar, varchar);

/**
 * Columns of an event data store of ActivityAuditLog events, in AWS's order (spec 1.8). `eventtime` is a timestamp in
 * UTC; every map is varchar to varchar, nested values as JSON text. `eventdata_text` is the event as it was received.
 */
export const activityColumns: readonly TableColumn[] = [
  { name: "eventversion", type: varchar },
  { name: "eventcategory", type: varchar },
  { name: "eventtype", type: varchar },
  { name: "eventid", type: varchar },
  { name: "eventtime", type: timestamptz },
  { name: "awsregion", type: varchar },
  { name: "recipientaccountid", type: varchar },
  {
    name: "addendum",
    type: rowOf({ reason: varchar, updatedfields: varchar, originaluid: varchar, originaleventid: varchar }),
  },
  { name: "metadata", type: rowOf({ ingestiontime: varchar, channelarn: varchar }) },
  {
    name: "eventdata",
    type: rowOf({
      version: varchar,
      useridentity: rowOf({ type: varchar, principalid: varchar, details: textMap }),
      useragent: varchar,
      eventsource: varchar,
      eventname: varchar,
      eventtime: varchar,
      uid: varchar,
      requestparameters: textMap,
      responseelements: textMap,
      errorcode: varchar,
      errormessage: varchar,
      sourceipaddress: varchar,
      recipientaccountid: varchar,
      additionaleventdata: textMap,
    }),
  },
  { name: "eventdata_text", type: varchar, hidden: true },
  { name: "eventday", type: date, hidden: true },
];
