import type { ActivityQuery } from "./activity-query.ts";

export const errors: readonly ActivityQuery[] = [
  {
    name: "denied sign-ins",
    statement:
      "SELECT eventId, eventData.errorCode, eventData.errorMessage FROM $SIGN_IN WHERE eventData.errorCode IS NOT NULL ORDER BY eventTime",
    columns: ["eventId", "errorCode", "errorMessage"],
    rows: [
      ["a-03", "AccessDenied", "policy 3 refused ben"],
      ["a-08", "AccessDenied", "policy 8 refused ana"],
      ["a-13", "AccessDenied", "policy 13 refused dev"],
      ["a-18", "AccessDenied", "policy 18 refused cleo"],
      ["a-23", "AccessDenied", "policy 23 refused ben"],
    ],
  },
  {
    name: "AWS's spelling of the message",
    statement: "SELECT eventData.errorMssage FROM $SIGN_IN WHERE eventData.errorMssage LIKE '%refused ana' ORDER BY 1",
    trino:
      "SELECT eventData.errorMessage AS \"errorMssage\" FROM $SIGN_IN WHERE eventData.errorMessage LIKE '%refused ana' ORDER BY 1",
    columns: ["errorMssage"],
    rows: [["policy 8 refused ana"]],
  },
  {
    name: "rate of refusals by person",
    statement:
      "SELECT eventData.userIdentity.principalId AS person, count_if(eventData.errorCode = 'AccessDenied') AS denied, count(*) AS n, avg(if(eventData.errorCode IS NULL, 0e0, 1e0)) AS rate FROM $SIGN_IN GROUP BY 1 ORDER BY denied DESC, person",
    columns: ["person", "denied", "n", "rate"],
    rows: [
      ["ben", "2", "6", "0.3333333333333333"],
      ["ana", "1", "6", "0.16666666666666666"],
      ["cleo", "1", "6", "0.16666666666666666"],
      ["dev", "1", "6", "0.16666666666666666"],
    ],
  },
  {
    name: "number inside a message",
    statement:
      "SELECT CAST(regexp_extract(eventData.errorMessage, 'policy (\\d+)', 1) AS bigint) AS policy FROM $SIGN_IN WHERE eventData.errorMessage IS NOT NULL ORDER BY policy",
    columns: ["policy"],
    rows: [["3"], ["8"], ["13"], ["18"], ["23"]],
  },
  {
    name: "three events after a refusal",
    statement:
      "SELECT eventId, eventData.errorCode, lead(eventData.errorCode) OVER (ORDER BY eventTime) AS next FROM $SIGN_IN ORDER BY eventTime OFFSET 2 LIMIT 3",
    columns: ["eventId", "errorCode", "next"],
    rows: [
      ["a-02", null, "AccessDenied"],
      ["a-03", "AccessDenied", null],
      ["a-04", null, null],
    ],
  },
  {
    name: "the last refusal before each event",
    statement:
      "SELECT eventId, last_value(eventData.errorMessage) IGNORE NULLS OVER (ORDER BY eventTime) AS last_refusal FROM $SIGN_IN ORDER BY eventTime OFFSET 2 LIMIT 4",
    columns: ["eventId", "last_refusal"],
    rows: [
      ["a-02", null],
      ["a-03", "policy 3 refused ben"],
      ["a-04", "policy 3 refused ben"],
      ["a-05", "policy 3 refused ben"],
    ],
  },
  {
    name: "most frequent errors, none named",
    statement:
      "SELECT coalesce(eventData.errorCode, 'none') AS code, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY n DESC",
    columns: ["code", "n"],
    rows: [
      ["none", "19"],
      ["AccessDenied", "5"],
    ],
  },
  {
    name: "events that were updated",
    statement: "SELECT eventId, addendum.reason, addendum.originalEventId FROM $SIGN_IN WHERE addendum IS NOT NULL",
    columns: ["eventId", "reason", "originalEventId"],
    rows: [["a-07", "UPDATED_DATA", "a-06"]],
  },
  {
    name: "case by case",
    statement:
      "SELECT CASE WHEN eventData.errorCode IS NOT NULL THEN 'denied' WHEN eventData.eventName = 'session.end' THEN 'out' ELSE 'in' END AS kind, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["kind", "n"],
    rows: [
      ["denied", "5"],
      ["in", "14"],
      ["out", "5"],
    ],
  },
  {
    name: "running count of refusals",
    statement:
      "SELECT eventId, sum(if(eventData.errorCode IS NULL, 0, 1)) OVER (ORDER BY eventTime ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS so_far FROM $SIGN_IN ORDER BY eventTime DESC LIMIT 2",
    columns: ["eventId", "so_far"],
    rows: [
      ["a-23", "5"],
      ["a-22", "4"],
    ],
  },
];
