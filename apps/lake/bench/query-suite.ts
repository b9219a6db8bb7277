import { type EventSeries, syntheticEvent } from "./synthetic-event.ts";

/** A typical question in Lake SQL and, written by hand, in DuckDB's over the same files. Both give the same rows. */
export interface BenchQuery {
  readonly name: string;
  readonly lake: string;
  readonly duckdb: string;
}

interface Source {
  readonly storeId: string;
  /** Local paths of the table files. */
  readonly files: readonly string[];
  readonly rows: number;
}

/** Questions about a store, some of them about a smaller second one too. Both hold events 0 to `rows` of the series. */
export function querySuite(first: Source, second: Source, series: EventSeries): readonly BenchQuery[] {
  const known = JSON.parse(syntheticEvent(Math.floor(first.rows * 0.6), series)) as {
    UID: string;
    userIdentity: { principalId: string };
  };
  const [a, b] = [first, second].map(
    ({ files }) => `read_parquet([${files.map((file) => `'${file}'`).join(", ")}])`,
  ) as [string, string];
  const at = (share: number): string =>
    new Date(1000 * (series.startSeconds + Math.floor((first.rows * share) / series.perSecond)))
      .toISOString()
      .slice(0, 19)
      .replace("T", " ");
  const [from, to] = [
    at(0.5),
    new Date(Date.parse(`${at(0.5)}Z`) + 3_600_000).toISOString().slice(0, 19).replace("T", " "),
  ];
  const S = first.storeId;
  return [
    { name: "count of all", lake: `SELECT count(*) FROM ${S}`, duckdb: `SELECT count(*) FROM ${a}` },
    {
      name: "group by source and name",
      lake: `SELECT eventData.eventSource, eventData.eventName, count(*) AS n FROM ${S} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
      duckdb: `SELECT eventdata.eventsource, eventdata.eventname, count(*) AS n FROM ${a} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`,
    },
    {
      name: "one hour by name",
      lake: `SELECT eventData.eventName, count(*) AS n FROM ${S} WHERE eventTime >= '${from}' AND eventTime < '${to}' GROUP BY 1 ORDER BY 2 DESC, 1`,
      duckdb: `SELECT eventdata.eventname, count(*) AS n FROM ${a} WHERE eventtime >= '${from}+00' AND eventtime < '${to}+00' GROUP BY 1 ORDER BY 2 DESC, 1`,
    },
    {
      name: "the last 100 events of a user",
      lake: `SELECT eventID, eventData.eventName, eventData.sourceIPAddress FROM ${S} WHERE eventData.userIdentity.principalId = '${known.userIdentity.principalId}' ORDER BY eventTime DESC, eventID LIMIT 100`,
      duckdb: `SELECT eventid, eventdata.eventname, eventdata.sourceipaddress FROM ${a} WHERE eventdata.useridentity.principalid = '${known.userIdentity.principalId}' ORDER BY eventtime DESC, eventid LIMIT 100`,
    },
    {
      name: "one event by its UID",
      lake: `SELECT eventID, eventData.eventName FROM ${S} WHERE eventData.UID = '${known.UID}'`,
      duckdb: `SELECT eventid, eventdata.eventname FROM ${a} WHERE eventdata.uid = '${known.UID}'`,
    },
    {
      name: "LIKE on a message",
      lake: `SELECT count(*) FROM ${S} WHERE eventData.errorMessage LIKE '%may not delete%'`,
      duckdb: `SELECT count(*) FROM ${a} WHERE eventdata.errormessage LIKE '%may not delete%'`,
    },
    {
      name: "LIKE on the original text",
      lake: `SELECT count(*) FROM ${S} WHERE eventdata_text LIKE '%Application 299%'`,
      duckdb: `SELECT count(*) FROM ${a} WHERE eventdata_text LIKE '%Application 299%'`,
    },
    {
      name: "top 10 addresses that fail",
      lake: `SELECT eventData.sourceIPAddress, count(*) AS n FROM ${S} WHERE eventData.errorCode IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`,
      duckdb: `SELECT eventdata.sourceipaddress, count(*) AS n FROM ${a} WHERE eventdata.errorcode IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`,
    },
    {
      name: "a nested field of additionalEventData",
      lake: `SELECT json_extract_scalar(element_at(eventData.additionalEventData, 'securityContext'), '$.asOrg') AS org, count(*) AS n FROM ${S} GROUP BY 1 ORDER BY 2 DESC, 1`,
      duckdb: `SELECT eventdata.additionaleventdata['securityContext'] ->> '$.asOrg' AS org, count(*) AS n FROM ${a} GROUP BY 1 ORDER BY 2 DESC, 1`,
    },
    {
      name: "join of two stores by user",
      lake: `SELECT b.eventData.eventName, count(*) AS n FROM ${S} a JOIN ${second.storeId} b ON a.eventData.userIdentity.principalId = b.eventData.userIdentity.principalId WHERE a.eventData.errorCode = 'AccessDenied' AND a.eventTime >= '${from}' AND a.eventTime < '${to}' GROUP BY 1 ORDER BY 2 DESC, 1`,
      duckdb: `SELECT b.eventdata.eventname, count(*) AS n FROM ${a} a JOIN ${b} b ON a.eventdata.useridentity.principalid = b.eventdata.useridentity.principalid WHERE a.eventdata.errorcode = 'AccessDenied' AND a.eventtime >= '${from}+00' AND a.eventtime < '${to}+00' GROUP BY 1 ORDER BY 2 DESC, 1`,
    },
    {
      name: "distinct users by day",
      lake: `SELECT count(DISTINCT eventData.userIdentity.principalId) AS users, date_format(eventTime, '%Y-%m-%d') AS day FROM ${S} GROUP BY 2 ORDER BY 2`,
      duckdb: `SELECT count(DISTINCT eventdata.useridentity.principalid) AS users, strftime(eventtime, '%Y-%m-%d') AS day FROM ${a} GROUP BY 2 ORDER BY 2`,
    },
    {
      name: "20,000 rows of the newest events",
      lake: `SELECT eventID, eventData.eventName, eventData.userIdentity.principalId, eventData.sourceIPAddress FROM ${S} ORDER BY eventTime DESC, eventID LIMIT 20000`,
      duckdb: `SELECT eventid, eventdata.eventname, eventdata.useridentity.principalid, eventdata.sourceipaddress FROM ${a} ORDER BY eventtime DESC, eventid LIMIT 20000`,
    },
  ];
}
