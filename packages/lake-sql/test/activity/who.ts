import type { ActivityQuery } from "./activity-query.ts";

export const who: readonly ActivityQuery[] = [
  {
    name: "count of all events",
    statement: "SELECT count(*) AS events FROM $SIGN_IN",
    columns: ["events"],
    rows: [["24"]],
  },
  {
    name: "events by person",
    statement:
      "SELECT eventData.userIdentity.principalId AS person, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY n DESC, person",
    columns: ["person", "n"],
    rows: [
      ["ana", "6"],
      ["ben", "6"],
      ["cleo", "6"],
      ["dev", "6"],
    ],
  },
  {
    name: "people without a log-out",
    statement:
      "SELECT DISTINCT eventData.userIdentity.principalId FROM $SIGN_IN WHERE eventData.userIdentity.principalId NOT IN (SELECT eventData.userIdentity.principalId FROM $SIGN_IN WHERE eventData.eventName = 'session.end') ORDER BY 1",
    columns: ["principalId"],
    rows: [["ana"], ["ben"], ["dev"]],
  },
  {
    name: "first and last event of each person",
    statement:
      "SELECT eventData.userIdentity.principalId AS person, min(eventTime) AS first_seen, max(eventTime) AS last_seen FROM $SIGN_IN GROUP BY eventData.userIdentity.principalId ORDER BY person",
    columns: ["person", "first_seen", "last_seen"],
    rows: [
      ["ana", "2026-03-01 22:00:00.000", "2026-03-02 13:40:00.000"],
      ["ben", "2026-03-02 00:21:00.000", "2026-03-02 16:01:00.000"],
      ["cleo", "2026-03-01 23:34:00.000", "2026-03-02 15:14:00.000"],
      ["dev", "2026-03-01 22:47:00.000", "2026-03-02 14:27:00.000"],
    ],
  },
  {
    name: "service accounts",
    statement:
      "SELECT eventId, eventData.userIdentity.type FROM $SIGN_IN WHERE eventData.userIdentity.type <> 'User' ORDER BY eventTime",
    columns: ["eventId", "type"],
    rows: [
      ["a-08", "Service"],
      ["a-17", "Service"],
    ],
  },
  {
    name: "people by team, from a map",
    statement:
      "SELECT element_at(eventData.userIdentity.details, 'team') AS team, array_agg(DISTINCT eventData.userIdentity.principalId ORDER BY eventData.userIdentity.principalId) AS people FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["team", "people"],
    rows: [
      ["blue", '["ana","cleo"]'],
      ["red", '["ben","dev"]'],
    ],
  },
  {
    name: "events without multi-factor",
    statement:
      "SELECT eventId FROM $SIGN_IN WHERE element_at(eventData.userIdentity.details, 'mfa') = 'false' ORDER BY eventId LIMIT 3",
    columns: ["eventId"],
    rows: [["a-00"], ["a-03"], ["a-06"]],
  },
  {
    name: "a map's key that is not there is null",
    statement: "SELECT count(*) AS n FROM $SIGN_IN WHERE element_at(eventData.userIdentity.details, 'nothing') IS NULL",
    columns: ["n"],
    rows: [["24"]],
  },
  {
    name: "keys of a map",
    statement:
      "SELECT DISTINCT k FROM $SIGN_IN CROSS JOIN UNNEST(map_keys(eventData.userIdentity.details)) AS t(k) ORDER BY k",
    columns: ["k"],
    rows: [["mfa"], ["team"]],
  },
  {
    name: "people seen from more than two addresses",
    statement:
      "SELECT eventData.userIdentity.principalId AS person, count(DISTINCT eventData.sourceIPAddress) AS addresses FROM $SIGN_IN GROUP BY 1 HAVING count(DISTINCT eventData.sourceIPAddress) > 2 ORDER BY 1",
    columns: ["person", "addresses"],
    rows: [
      ["ana", "5"],
      ["ben", "5"],
      ["cleo", "5"],
      ["dev", "5"],
    ],
  },
  {
    name: "people of both stores",
    statement:
      "SELECT eventData.userIdentity.principalId AS person FROM $SIGN_IN INTERSECT SELECT eventData.userIdentity.principalId FROM $CODE ORDER BY person",
    columns: ["person"],
    rows: [["ana"], ["ben"], ["cleo"], ["dev"]],
  },
  {
    name: "people who sign in and never change code",
    statement:
      "SELECT eventData.userIdentity.principalId AS person FROM $SIGN_IN EXCEPT SELECT eventData.userIdentity.principalId FROM $CODE ORDER BY person",
    columns: ["person"],
    rows: [],
  },
  {
    name: "a person's name in capitals, with its length",
    statement:
      "SELECT DISTINCT upper(eventData.userIdentity.principalId) AS name, length(eventData.userIdentity.principalId) AS size FROM $SIGN_IN ORDER BY 1",
    columns: ["name", "size"],
    rows: [
      ["ANA", "3"],
      ["BEN", "3"],
      ["CLEO", "4"],
      ["DEV", "3"],
    ],
  },
  {
    name: "share of each person, in per cent",
    statement:
      "SELECT eventData.userIdentity.principalId AS person, round(100e0 * count(*) / sum(count(*)) OVER (), 1) AS share FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["person", "share"],
    rows: [
      ["ana", "25.0"],
      ["ben", "25.0"],
      ["cleo", "25.0"],
      ["dev", "25.0"],
    ],
  },
];
