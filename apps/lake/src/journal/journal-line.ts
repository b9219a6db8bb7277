import { zstdCompressSync, zstdDecompressSync, constants } from "node:zlib";
import { TributaryError } from "@tributary/schema";

/** An accepted event as the journal holds it, until it is a row of a table. */
export interface JournalEvent {
  /** The lake's eventID, `eventId()` of the schema. */
  readonly eventid: string;
  /** Milliseconds since 1970, of eventData.eventTime. */
  readonly eventtime: number;
  /** Milliseconds since 1970. */
  readonly ingestiontime: number;
  readonly channelarn: string;
  readonly awsregion: string;
  readonly recipientaccountid: string;
  /** The received eventData, unchanged. It has no lone surrogate: ingest refuses one. */
  readonly eventdata: string;
}

/** One event as one line of NDJSON, without the newline. The text of eventData is an escaped JSON string: equal to what was received after decoding. */
export function journalLine(event: JournalEvent): string {
  const { eventid, eventtime, ingestiontime, channelarn, awsregion, recipientaccountid, eventdata } = event;
  return JSON.stringify({ eventid, eventtime, ingestiontime, channelarn, awsregion, recipientaccountid, eventdata });
}

/** Lines of a journal row, compressed. */
export function packLines(lines: readonly string[]): Uint8Array {
  return packText(Buffer.from(`${lines.join("\n")}\n`, "utf8"));
}

/** NDJSON of a journal row, compressed. */
export function packText(text: Uint8Array): Uint8Array {
  return zstdCompressSync(text, {
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

/** NDJSON of a journal row, as UTF-8. Throws `JOURNAL_ROW_DAMAGED` when its bytes are not what was packed. */
export function unpackText(bytes: Uint8Array): Buffer {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: 2 ** 30 });
  } catch (cause) {
    throw new TributaryError("A journal row cannot be decompressed: the catalog file is damaged.", {
      code: "JOURNAL_ROW_DAMAGED",
      cause,
    });
  }
}

/** The events of a journal row. */
export function unpackEvents(bytes: Uint8Array): JournalEvent[] {
  const events: JournalEvent[] = [];
  for (const line of unpackText(bytes).toString("utf8").split("\n")) {
    if (line === "") continue;
    const event: JournalEvent = JSON.parse(line);
    events.push(event);
  }
  return events;
}
