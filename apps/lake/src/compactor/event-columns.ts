/** eventData's members as JSON spells them, in the order of the table's columns (spec 1.7 and 1.8), with what each is. */
const members = {
  version: "VARCHAR",
  userIdentity: { type: "VARCHAR", principalId: "VARCHAR", details: "MAP(VARCHAR,VARCHAR)" },
  userAgent: "VARCHAR",
  eventSource: "VARCHAR",
  eventName: "VARCHAR",
  eventTime: "VARCHAR",
  UID: "VARCHAR",
  requestParameters: "MAP(VARCHAR,VARCHAR)",
  responseElements: "MAP(VARCHAR,VARCHAR)",
  errorCode: "VARCHAR",
  errorMessage: "VARCHAR",
  sourceIPAddress: "VARCHAR",
  recipientAccountId: "VARCHAR",
  additionalEventData: "MAP(VARCHAR,VARCHAR)",
} as const;

/** The type of the column `eventdata`, lower case as Lake SQL has it. */
const identityType = "STRUCT(type VARCHAR, principalid VARCHAR, details MAP(VARCHAR, VARCHAR))";
export const eventDataType = `STRUCT(${Object.entries(members)
  .map(([name, type]) => `${name.toLowerCase()} ${typeof type === "string" ? type : identityType}`)
  .join(", ")})`;

/** SQL of `eventdata` made of the JSON text in column `text`. A nested value in a map is its JSON text. */
export function typedEventData(text: string): string {
  return `CAST(from_json(${text}, '${JSON.stringify(members)}') AS ${eventDataType})`;
}

/** What makes a row's typed column, alone, to find the rows for which it fails. */
export const shredExpression = typedEventData("eventdata");

const typedColumn = {
  all: shredExpression,
  "not hostile": `CASE WHEN hostile THEN NULL ELSE ${shredExpression} END`,
  none: `CAST(NULL AS ${eventDataType})`,
} as const;

/** The columns of a table file, selected from the loaded events. Rows that are not shredded keep their text and get typed columns of NULL. */
export function tableColumns(shredded: keyof typeof typedColumn): string {
  return `
    '1.0' AS eventversion,
    'ActivityAuditLog' AS eventcategory,
    'ActivityLog' AS eventtype,
    eventid,
    epoch_ms(eventtime) AT TIME ZONE 'UTC' AS eventtime,
    awsregion,
    recipientaccountid,
    CAST(NULL AS STRUCT(reason VARCHAR, updatedfields VARCHAR, originaluid VARCHAR, originaleventid VARCHAR)) AS addendum,
    {'ingestiontime': strftime(epoch_ms(ingestiontime), '%Y-%m-%dT%H:%M:%S'), 'channelarn': channelarn} AS metadata,
    ${typedColumn[shredded]} AS eventdata,
    eventdata AS eventdata_text`;
}
