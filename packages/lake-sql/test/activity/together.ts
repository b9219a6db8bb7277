import type { ActivityQuery } from "./activity-query.ts";

export const together: readonly ActivityQuery[] = [
  {
    name: "both stores in one list",
    statement:
      "SELECT eventTime, eventData.eventSource, eventData.eventName FROM $SIGN_IN UNION ALL SELECT eventTime, eventData.eventSource, eventData.eventName FROM $CODE ORDER BY eventTime DESC LIMIT 4",
    columns: ["eventTime", "eventSource", "eventName"],
    rows: [
      ["2026-03-02 16:01:00.000", "sign-in.example.com", "session.start"],
      ["2026-03-02 15:14:00.000", "sign-in.example.com", "session.end"],
      ["2026-03-02 14:27:00.000", "sign-in.example.com", "session.start"],
      ["2026-03-02 13:40:00.000", "sign-in.example.com", "session.start"],
    ],
  },
  {
    name: "the sign-in before each change of code",
    statement:
      "SELECT c.eventId AS change_id, max_by(s.eventId, s.eventTime) AS sign_in FROM $CODE c JOIN $SIGN_IN s ON s.eventData.userIdentity.principalId = c.eventData.userIdentity.principalId AND s.eventTime <= c.eventTime GROUP BY c.eventId ORDER BY c.eventId LIMIT 4",
    columns: ["change_id", "sign_in"],
    rows: [
      ["b-00", "a-04"],
      ["b-01", "a-05"],
      ["b-02", "a-06"],
      ["b-03", "a-07"],
    ],
  },
  {
    name: "people and their counts in both stores",
    statement:
      "WITH s AS (SELECT eventData.userIdentity.principalId AS person, count(*) AS n FROM $SIGN_IN GROUP BY 1), c AS (SELECT eventData.userIdentity.principalId AS person, count(*) AS n FROM $CODE GROUP BY 1) SELECT person, s.n AS sign_ins, c.n AS changes FROM s FULL JOIN c USING (person) ORDER BY person",
    columns: ["person", "sign_ins", "changes"],
    rows: [
      ["ana", "6", "3"],
      ["ben", "6", "2"],
      ["cleo", "6", "2"],
      ["dev", "6", "3"],
    ],
  },
  {
    name: "changes from an address the person had not signed in from",
    statement:
      "SELECT c.eventId FROM $CODE c LEFT JOIN $SIGN_IN s ON s.eventData.sourceIPAddress = c.eventData.sourceIPAddress AND s.eventData.userIdentity.principalId = c.eventData.userIdentity.principalId AND s.eventTime < c.eventTime WHERE s.eventId IS NULL ORDER BY 1",
    columns: ["eventId"],
    rows: [["b-00"], ["b-01"], ["b-02"], ["b-03"]],
  },
  {
    name: "totals by source and name",
    statement:
      "SELECT source, name, count(*) AS n FROM (SELECT eventData.eventSource AS source, eventData.eventName AS name FROM $SIGN_IN UNION ALL SELECT eventData.eventSource, eventData.eventName FROM $CODE) GROUP BY ROLLUP (source, name) ORDER BY source, name",
    columns: ["source", "name", "n"],
    rows: [
      ["code.example.com", "git.push", "4"],
      ["code.example.com", "member.add", "2"],
      ["code.example.com", "repo.create", "2"],
      ["code.example.com", "secret.read", "2"],
      ["code.example.com", null, "10"],
      ["sign-in.example.com", "session.end", "6"],
      ["sign-in.example.com", "session.start", "18"],
      ["sign-in.example.com", null, "24"],
      [null, null, "34"],
    ],
  },
  {
    name: "each person's latest event, by rank",
    statement:
      "SELECT person, eventName FROM (SELECT eventData.userIdentity.principalId AS person, eventData.eventName, row_number() OVER (PARTITION BY eventData.userIdentity.principalId ORDER BY eventTime DESC) AS place FROM $SIGN_IN) WHERE place = 1 ORDER BY person",
    columns: ["person", "eventName"],
    rows: [
      ["ana", "session.start"],
      ["ben", "session.start"],
      ["cleo", "session.end"],
      ["dev", "session.start"],
    ],
  },
  {
    name: "the two most active people of each day",
    statement:
      "SELECT day, person, n FROM (SELECT day, person, n, rank() OVER (PARTITION BY day ORDER BY n DESC, person) AS place FROM (SELECT CAST(eventTime AS date) AS day, eventData.userIdentity.principalId AS person, count(*) AS n FROM $SIGN_IN GROUP BY 1, 2)) WHERE place <= 2 ORDER BY day, n DESC, person",
    columns: ["day", "person", "n"],
    rows: [
      ["2026-03-01", "ana", "1"],
      ["2026-03-01", "cleo", "1"],
      ["2026-03-02", "ben", "6"],
      ["2026-03-02", "ana", "5"],
    ],
  },
  {
    name: "sessions: an event more than two hours after the one before starts one",
    statement:
      "SELECT person, count(*) AS sessions FROM (SELECT eventData.userIdentity.principalId AS person, eventTime, lag(eventTime) OVER (PARTITION BY eventData.userIdentity.principalId ORDER BY eventTime) AS before FROM $SIGN_IN) WHERE before IS NULL OR date_diff('minute', before, eventTime) > 120 GROUP BY person ORDER BY person",
    columns: ["person", "sessions"],
    rows: [
      ["ana", "6"],
      ["ben", "6"],
      ["cleo", "6"],
      ["dev", "6"],
    ],
  },
  {
    name: "secrets read within a day of a new member",
    statement:
      "SELECT m.eventId AS member, r.eventId AS secret FROM $CODE m JOIN $CODE r ON r.eventTime BETWEEN m.eventTime AND m.eventTime + interval '1' day WHERE m.eventData.eventName = 'member.add' AND r.eventData.eventName = 'secret.read' ORDER BY 1, 2",
    columns: ["member", "secret"],
    rows: [
      ["b-02", "b-04"],
      ["b-02", "b-09"],
      ["b-07", "b-09"],
    ],
  },
  {
    name: "an average per day over all of both stores",
    statement:
      "SELECT count(*) / count(DISTINCT day) AS per_day, CAST(count(*) AS decimal(10, 2)) / count(DISTINCT day) AS precisely FROM (SELECT CAST(eventTime AS date) AS day FROM $SIGN_IN UNION ALL SELECT CAST(eventTime AS date) FROM $CODE)",
    columns: ["per_day", "precisely"],
    rows: [["17", "17.00"]],
  },
  {
    name: "percentiles of a score",
    statement:
      "SELECT approx_percentile(CAST(json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.score') AS double), 0.5) AS median FROM (SELECT * FROM $SIGN_IN ORDER BY eventId LIMIT 23)",
    columns: ["median"],
    rows: [["16.5"]],
  },
  {
    name: "names and order of all columns",
    statement: "SELECT * FROM $CODE WHERE eventId = 'b-04'",
    trino:
      "SELECT eventVersion, eventCategory, eventType, eventId, eventTime, awsRegion, recipientAccountId, addendum, metadata, eventData FROM $CODE WHERE eventId = 'b-04'",
    columns: [
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
    ],
    rows: [
      [
        "1.0",
        "ActivityAuditLog",
        "ActivityLog",
        "b-04",
        "2026-03-02 05:34:00.000",
        "us-east-1",
        "111122223333",
        null,
        '{"ingestiontime":"2026-03-02T05:35:30.000Z","channelarn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/code"}',
        '{"version":"1","useridentity":{"type":"User","principalid":"ana","details":null},"useragent":null,"eventsource":"code.example.com","eventname":"secret.read","eventtime":"2026-03-02T05:34:00Z","uid":"b-u4","requestparameters":{"repository":"org/repo-0","commits":"4"},"responseelements":null,"errorcode":null,"errormessage":null,"sourceipaddress":"192.0.2.10","recipientaccountid":"111122223333","additionaleventdata":null}',
      ],
    ],
  },
  {
    name: "a window by name",
    statement:
      "SELECT eventId, row_number() OVER w AS place, count(*) OVER (PARTITION BY eventData.eventName) AS alike FROM $CODE WINDOW w AS (ORDER BY eventTime DESC) ORDER BY place LIMIT 3",
    columns: ["eventId", "place", "alike"],
    rows: [
      ["b-09", "1", "2"],
      ["b-08", "2", "4"],
      ["b-07", "3", "2"],
    ],
  },
  {
    name: "a query per row",
    statement:
      "SELECT c.eventId, t.n FROM $CODE c CROSS JOIN LATERAL (SELECT count(*) AS n FROM $SIGN_IN s WHERE s.eventTime < c.eventTime) t ORDER BY 1 LIMIT 3",
    columns: ["eventId", "n"],
    rows: [
      ["b-00", "5"],
      ["b-01", "6"],
      ["b-02", "8"],
    ],
  },
  {
    name: "a change by anyone of a team",
    statement:
      "SELECT count(*) AS n FROM $CODE WHERE eventData.userIdentity.principalId = ANY (SELECT eventData.userIdentity.principalId FROM $SIGN_IN WHERE element_at(eventData.userIdentity.details, 'team') = 'red')",
    columns: ["n"],
    rows: [["5"]],
  },
];
