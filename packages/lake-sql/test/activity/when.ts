import type { ActivityQuery } from "./activity-query.ts";

export const when: readonly ActivityQuery[] = [
  {
    name: "events of one day",
    statement:
      "SELECT count(*) AS n FROM $SIGN_IN WHERE eventTime >= timestamp '2026-03-02 00:00:00' AND eventTime < timestamp '2026-03-03 00:00:00'",
    columns: ["n"],
    rows: [["21"]],
  },
  {
    name: "events after a time written as a string",
    statement: "SELECT count(*) AS n FROM $SIGN_IN WHERE eventTime > '2026-03-02 06:00:00'",
    trino: "SELECT count(*) AS n FROM $SIGN_IN WHERE eventTime > timestamp '2026-03-02 06:00:00'",
    columns: ["n"],
    rows: [["13"]],
  },
  {
    name: "events between two dates written as strings",
    statement: "SELECT count(*) AS n FROM $SIGN_IN WHERE eventTime BETWEEN '2026-03-01' AND '2026-03-02'",
    trino:
      "SELECT count(*) AS n FROM $SIGN_IN WHERE eventTime BETWEEN timestamp '2026-03-01 00:00:00' AND timestamp '2026-03-02 00:00:00'",
    columns: ["n"],
    rows: [["3"]],
  },
  {
    name: "the event's own time, a string, against a time",
    statement: "SELECT count(*) AS n FROM $SIGN_IN WHERE eventData.eventTime >= timestamp '2026-03-02 12:00:00'",
    trino:
      "SELECT count(*) AS n FROM $SIGN_IN WHERE from_iso8601_timestamp(eventData.eventTime) >= timestamp '2026-03-02 12:00:00'",
    columns: ["n"],
    rows: [["6"]],
  },
  {
    name: "events by hour",
    statement:
      "SELECT date_trunc('hour', eventTime) AS hour, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1 LIMIT 4",
    columns: ["hour", "n"],
    rows: [
      ["2026-03-01 22:00:00.000", "2"],
      ["2026-03-01 23:00:00.000", "1"],
      ["2026-03-02 00:00:00.000", "1"],
      ["2026-03-02 01:00:00.000", "2"],
    ],
  },
  {
    name: "events by day, as text",
    statement:
      "SELECT date_format(eventTime, '%Y-%m-%d') AS day, count(*) AS n FROM $SIGN_IN GROUP BY date_format(eventTime, '%Y-%m-%d') ORDER BY day",
    columns: ["day", "n"],
    rows: [
      ["2026-03-01", "3"],
      ["2026-03-02", "21"],
    ],
  },
  {
    name: "events by hour of the day",
    statement: "SELECT hour(eventTime) AS h, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY n DESC, h LIMIT 3",
    columns: ["h", "n"],
    rows: [
      ["1", "2"],
      ["5", "2"],
      ["8", "2"],
    ],
  },
  {
    name: "outside of office hours",
    statement: "SELECT count(*) AS n FROM $SIGN_IN WHERE hour(eventTime) NOT BETWEEN 8 AND 17",
    columns: ["n"],
    rows: [["13"]],
  },
  {
    name: "seconds between sending and storing",
    statement:
      "SELECT max(date_diff('second', eventTime, CAST(from_iso8601_timestamp(metadata.ingestionTime) AS timestamp))) AS delay FROM $SIGN_IN",
    columns: ["delay"],
    rows: [["90"]],
  },
  {
    name: "minutes since a person's event before",
    statement:
      "SELECT eventId, date_diff('minute', lag(eventTime) OVER (PARTITION BY eventData.userIdentity.principalId ORDER BY eventTime), eventTime) AS pause FROM $SIGN_IN ORDER BY eventId LIMIT 6",
    columns: ["eventId", "pause"],
    rows: [
      ["a-00", null],
      ["a-01", null],
      ["a-02", null],
      ["a-03", null],
      ["a-04", "188"],
      ["a-05", "188"],
    ],
  },
  {
    name: "the event's own time, parsed",
    statement: "SELECT eventId, from_iso8601_timestamp(eventData.eventTime) AS t FROM $SIGN_IN ORDER BY 1 LIMIT 2",
    columns: ["eventId", "t"],
    rows: [
      ["a-00", "2026-03-01 22:00:00.000"],
      ["a-01", "2026-03-01 22:47:00.000"],
    ],
  },
  {
    name: "epoch seconds",
    statement: "SELECT CAST(to_unixtime(min(eventTime)) AS bigint) AS s FROM $SIGN_IN",
    columns: ["s"],
    rows: [["1772402400"]],
  },
  {
    name: "day of the week",
    statement: "SELECT day_of_week(eventTime) AS d, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["d", "n"],
    rows: [
      ["1", "21"],
      ["7", "3"],
    ],
  },
  {
    name: "two days from the first event on",
    statement: "SELECT date_add('day', 2, min(eventTime)) AS t, min(eventTime) + interval '36' hour AS u FROM $SIGN_IN",
    columns: ["t", "u"],
    rows: [["2026-03-03 22:00:00.000", "2026-03-03 10:00:00.000"]],
  },
  {
    name: "times with milliseconds",
    statement: "SELECT eventTime FROM $CODE WHERE eventId IN ('b-00', 'b-01') ORDER BY eventId",
    columns: ["eventTime"],
    rows: [["2026-03-02 01:30:00.000"], ["2026-03-02 02:31:00.123"]],
  },
  {
    name: "local time of an office",
    statement: "SELECT CAST(min(eventTime) AT TIME ZONE 'Europe/Amsterdam' AS timestamp) AS t FROM $SIGN_IN",
    columns: ["t"],
    rows: [["2026-03-01 23:00:00.000"]],
  },
  {
    name: "a calendar with the hours that have no event",
    statement:
      "SELECT h, count(a.eventId) AS n FROM UNNEST(sequence(timestamp '2026-03-01 21:00:00', timestamp '2026-03-02 00:00:00', interval '1' hour)) AS t(h) LEFT JOIN $SIGN_IN a ON date_trunc('hour', a.eventTime) = h GROUP BY h ORDER BY h",
    columns: ["h", "n"],
    rows: [
      ["2026-03-01 21:00:00.000", "0"],
      ["2026-03-01 22:00:00.000", "2"],
      ["2026-03-01 23:00:00.000", "1"],
      ["2026-03-02 00:00:00.000", "1"],
    ],
  },
];
