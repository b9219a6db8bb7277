import { unpackEvents } from "../journal/journal-line.ts";
import type { DuckDBSession } from "./duckdb-session.ts";

/**
 * Makes the table `events` as `loadEvents` does, without DuckDB's JSON reader: for a journal row that makes DuckDB crash. Nothing
 * looks into the events' text.
 */
export async function loadTexts(session: DuckDBSession, blobs: readonly Uint8Array[]): Promise<void> {
  await session.run("DROP TABLE IF EXISTS events");
  await session.run(
    `CREATE TABLE events (eventid VARCHAR, eventtime BIGINT, ingestiontime BIGINT, channelarn VARCHAR, awsregion VARCHAR,
       recipientaccountid VARCHAR, eventdata VARCHAR, day INTEGER, hostile BOOLEAN)`,
  );
  await session.append("events", (appender) => {
    for (const blob of blobs) {
      for (const event of unpackEvents(blob)) {
        appender.appendVarchar(event.eventid);
        appender.appendBigInt(BigInt(event.eventtime));
        appender.appendBigInt(BigInt(event.ingestiontime));
        appender.appendVarchar(event.channelarn);
        appender.appendVarchar(event.awsregion);
        appender.appendVarchar(event.recipientaccountid);
        appender.appendVarchar(event.eventdata);
        appender.appendInteger(Math.floor(event.eventtime / 86_400_000));
        appender.appendBoolean(true);
        appender.endRow();
      }
    }
  });
}
