/** A question a security team asks, and its Lake SQL. `STORE` stands for the event data store's id. */
export interface Question {
  readonly title: string;
  readonly statement: string;
}

export const questions: readonly Question[] = [
  {
    title: "What is in the lake, by source?",
    statement: `SELECT eventData.eventSource AS source, count(*) AS events, count(DISTINCT eventData.userIdentity.principalId) AS principals,
       min(eventTime) AS first, max(eventTime) AS last
FROM STORE GROUP BY eventData.eventSource ORDER BY events DESC`,
  },
  {
    title: "Which addresses fail most, and in how many sources do they appear?",
    statement: `SELECT eventData.sourceIPAddress AS address, count(*) AS events, count(eventData.errorCode) AS failures,
       count(DISTINCT eventData.eventSource) AS sources
FROM STORE WHERE eventData.sourceIPAddress IS NOT NULL
GROUP BY eventData.sourceIPAddress HAVING count(eventData.errorCode) > 0 ORDER BY failures DESC, events DESC LIMIT 5`,
  },
  {
    title: "What did the worst of these addresses do, in order, across all sources?",
    statement: `WITH worst AS (
  SELECT eventData.sourceIPAddress AS address FROM STORE
  WHERE eventData.sourceIPAddress IS NOT NULL AND eventTime >= '2026-11-01 00:00:00'
  GROUP BY eventData.sourceIPAddress ORDER BY count(eventData.errorCode) DESC LIMIT 1)
SELECT min(eventTime) AS first, eventData.eventSource AS source, eventData.eventName AS event, eventData.errorCode AS error,
       count(*) AS times, count(DISTINCT eventData.userIdentity.principalId) AS principals
FROM STORE JOIN worst ON eventData.sourceIPAddress = worst.address GROUP BY 2, 3, 4 ORDER BY first LIMIT 12`,
  },
  {
    title: "Which events failed, most frequent first?",
    statement: `SELECT eventData.eventSource AS source, eventData.eventName AS event, eventData.errorCode AS error, count(*) AS times
FROM STORE WHERE eventData.errorCode IS NOT NULL GROUP BY 1, 2, 3 ORDER BY times DESC, source, event LIMIT 8`,
  },
];
