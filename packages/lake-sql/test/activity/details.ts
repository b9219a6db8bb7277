import type { ActivityQuery } from "./activity-query.ts";

export const details: readonly ActivityQuery[] = [
  {
    name: "country out of JSON",
    statement:
      "SELECT json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.geo.country') AS country, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["country", "n"],
    rows: [
      ["BR", "8"],
      ["NL", "8"],
      ["US", "8"],
    ],
  },
  {
    name: "a JSON value with a path of the standard",
    statement:
      "SELECT json_value(element_at(eventData.additionalEventData, 'client'), 'lax $.device') AS device, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1 LIMIT 2",
    columns: ["device", "n"],
    rows: [
      ["d0", "4"],
      ["d1", "4"],
    ],
  },
  {
    name: "a JSON null is null",
    statement:
      "SELECT count(*) AS n FROM $SIGN_IN WHERE json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.geo.city') IS NULL",
    columns: ["n"],
    rows: [["24"]],
  },
  {
    name: "highest score of each risk",
    statement:
      "SELECT element_at(eventData.additionalEventData, 'risk') AS risk, max(CAST(json_extract_scalar(element_at(eventData.additionalEventData, 'client'), '$.score') AS double)) AS score FROM $SIGN_IN GROUP BY 1 ORDER BY score DESC",
    columns: ["risk", "score"],
    rows: [
      ["high", "34.5"],
      ["medium", "33.0"],
      ["low", "31.5"],
    ],
  },
  {
    name: "a JSON array opened into rows",
    statement:
      "SELECT tag, count(*) AS n FROM $SIGN_IN CROSS JOIN UNNEST(CAST(json_parse(element_at(eventData.additionalEventData, 'tags')) AS array(varchar))) AS t(tag) GROUP BY tag ORDER BY tag",
    columns: ["tag", "n"],
    rows: [
      ["cli", "12"],
      ["sso", "12"],
      ["web", "12"],
    ],
  },
  {
    name: "events with a tag",
    statement:
      "SELECT count(*) AS n FROM $SIGN_IN WHERE json_array_contains(element_at(eventData.additionalEventData, 'tags'), 'web')",
    columns: ["n"],
    rows: [["12"]],
  },
  {
    name: "objects in a JSON array",
    statement:
      "SELECT eventId, path, lines FROM $CODE CROSS JOIN UNNEST(CAST(json_parse(element_at(eventData.additionalEventData, 'changes')) AS array(row(path varchar, lines bigint)))) AS t(path, lines) WHERE lines > 20 ORDER BY lines DESC",
    columns: ["eventId", "path", "lines"],
    rows: [
      ["b-09", "src/9.ts", "90"],
      ["b-07", "src/7.ts", "70"],
      ["b-06", "src/6.ts", "60"],
      ["b-05", "src/5.ts", "50"],
      ["b-03", "src/3.ts", "30"],
    ],
  },
  {
    name: "a whole map",
    statement: "SELECT eventData.requestParameters FROM $CODE WHERE eventId = 'b-02'",
    columns: ["requestParameters"],
    rows: [['{"member":"guest2","role":"admin"}']],
  },
  {
    name: "a map's entries as rows",
    statement:
      "SELECT k, v FROM $CODE CROSS JOIN UNNEST(eventData.requestParameters) AS t(k, v) WHERE eventId = 'b-02' ORDER BY k",
    columns: ["k", "v"],
    rows: [
      ["member", "guest2"],
      ["role", "admin"],
    ],
  },
  {
    name: "a row within a row",
    statement: "SELECT metadata FROM $SIGN_IN WHERE eventId = 'a-00'",
    columns: ["metadata"],
    rows: [
      [
        '{"ingestiontime":"2026-03-01T22:01:30.000Z","channelarn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/sign-in"}',
      ],
    ],
  },
  {
    name: "parameter of a URL",
    statement:
      "SELECT url_extract_host(element_at(eventData.requestParameters, 'url')) AS host, url_extract_parameter(element_at(eventData.requestParameters, 'url'), 'try') AS attempt FROM $SIGN_IN WHERE eventId = 'a-11'",
    columns: ["host", "attempt"],
    rows: [["sso.example.com", "11"]],
  },
  {
    name: "networks that sign-ins come from",
    statement:
      "SELECT CASE WHEN contains('192.0.2.0/24', CAST(eventData.sourceIPAddress AS ipaddress)) THEN 'office' WHEN contains('2001:db8::/32', CAST(eventData.sourceIPAddress AS ipaddress)) THEN 'ipv6' ELSE 'other' END AS network, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["network", "n"],
    rows: [
      ["ipv6", "5"],
      ["office", "10"],
      ["other", "9"],
    ],
  },
  {
    name: "kinds of user agent",
    statement:
      "SELECT regexp_like(eventData.userAgent, '^cli/') AS cli, count(*) AS n FROM $SIGN_IN GROUP BY 1 ORDER BY 1",
    columns: ["cli", "n"],
    rows: [
      ["false", "12"],
      ["true", "12"],
    ],
  },
  {
    name: "last part of a channel's name",
    statement: "SELECT DISTINCT element_at(split(metadata.channelArn, '/'), -1) AS channel FROM $SIGN_IN",
    columns: ["channel"],
    rows: [["sign-in"]],
  },
  {
    name: "a checksum of a name",
    statement:
      "SELECT lower(to_hex(sha256(to_utf8(eventData.userIdentity.principalId)))) AS h FROM $SIGN_IN WHERE eventId = 'a-00'",
    columns: ["h"],
    rows: [["24d4b96f58da6d4a8512313bbd02a28ebf0ca95dec6e4c86ef78ce7f01e788ac"]],
  },
  {
    name: "JSON made of columns",
    statement:
      "SELECT json_object('id': eventId, 'who': eventData.userIdentity.principalId, 'error': eventData.errorCode ABSENT ON NULL) AS j FROM $SIGN_IN WHERE eventId IN ('a-02', 'a-03') ORDER BY eventId",
    columns: ["j"],
    rows: [['{"id":"a-02","who":"cleo"}'], ['{"id":"a-03","who":"ben","error":"AccessDenied"}']],
  },
  {
    name: "values of a map that match",
    statement:
      "SELECT eventId, map_filter(eventData.userIdentity.details, (k, v) -> v = 'true') AS yes FROM $SIGN_IN ORDER BY eventId LIMIT 2",
    columns: ["eventId", "yes"],
    rows: [
      ["a-00", "{}"],
      ["a-01", '{"mfa":"true"}'],
    ],
  },
  {
    name: "texts joined",
    statement:
      "SELECT listagg(eventId, ',') WITHIN GROUP (ORDER BY eventTime DESC) AS ids FROM $SIGN_IN WHERE eventData.errorCode IS NOT NULL",
    columns: ["ids"],
    rows: [["a-23,a-18,a-13,a-08,a-03"]],
  },
  {
    name: "a histogram of events",
    statement: "SELECT histogram(eventData.eventName) AS h FROM $SIGN_IN",
    columns: ["h"],
    rows: [['{"session.end":6,"session.start":18}']],
  },
];
