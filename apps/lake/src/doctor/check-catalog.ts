import type { CatalogHealth } from "../catalog/sqlite-health.ts";
import { journalVerdict, roomFor } from "../journal/journal-verdict.ts";
import { DataKey } from "../secrets/data-key.ts";
import { type MasterKeySource, readMasterKeys } from "../secrets/master-key.ts";
import { type Finding, fail, guarded, ok, warn } from "./finding.ts";

/** Twice what the log is cut back to. */
const largeLog = 512 * 1024 ** 2;
/** As of the metric that docs/run-a-lake.md names. */
const oldJournalMs = 300_000;
/** What two clocks may differ before it is worth a word. */
const clockSlackMs = 60_000;

/** Room for what waits in the journal, and 1 GiB: with less, PutAuditEvents answers 503. */
export function checkDisk(waitingBytes: number, freeBytes: number): Finding {
  const needed = roomFor(waitingBytes);
  const found = `${megabytes(freeBytes)} free, ${megabytes(needed)} needed`;
  if (freeBytes < needed)
    return fail(
      "disk",
      `${found}: the lake takes no events`,
      "Make room on the disk, or shorten the retention of a store.",
    );
  return freeBytes < 2 * needed
    ? warn("disk", `${found}: little is left`, "Make room on the disk, or shorten the retention of a store.")
    : ok("disk", found);
}

/** The write-ahead log, which grows while a reader or a process that stands still holds it. */
export function checkLog({ logBytes }: CatalogHealth): Finding {
  return logBytes > largeLog
    ? warn(
        "log",
        `the catalog's write-ahead log has ${megabytes(logBytes)}`,
        "Look for a command on this directory that hangs or is suspended, and end it; then start the lake again.",
      )
    : ok("log", `${megabytes(logBytes)} of write-ahead log`);
}

/** What waits for compaction, and for how long. */
export function checkJournal({ waiting }: CatalogHealth, now: number, served: boolean): Finding {
  const { events, bytes, oldest } = waiting;
  const age = oldest === undefined ? 0 : Math.max(0, now - oldest);
  const found = `${events} events wait (${megabytes(bytes)})${events === 0 ? "" : `, the oldest for ${seconds(age)}`}`;
  // Room on the disk is another line.
  if (journalVerdict({ bytes, events, freeBytes: Number.POSITIVE_INFINITY }) !== "accept")
    return served
      ? fail(
          "journal",
          `${found}: calls are throttled`,
          "Let compaction catch up; look into the lake's log for why it has not.",
        )
      : warn(
          "journal",
          `${found}: calls would be throttled at first`,
          "Start the lake: it moves them into the tables.",
        );
  return served && age > oldJournalMs
    ? warn(
        "journal",
        `${found}: compaction does not keep up`,
        "Look into the lake's log for what fails, and at its processor and disk.",
      )
    : ok("journal", found);
}

/** That nothing in the catalog is from the future. */
export function checkClock({ lastCommit, waiting }: CatalogHealth, now: number): Finding {
  const newest = Math.max(lastCommit ?? 0, waiting.newest ?? 0);
  const ahead = newest - now;
  return ahead > clockSlackMs
    ? fail(
        "clock",
        `the lake wrote something at ${new Date(newest).toISOString()}, ${seconds(ahead)} from now`,
        "Set this machine's clock, and keep it by NTP; if it was wrong then, wait until that time is past.",
      )
    : ok("clock", `${new Date(now).toISOString()}, after everything in the catalog`);
}

/** That the master key is there, is nobody else's, and opens the lake's secrets. */
export function checkMasterKey(source: MasterKeySource, sealedDataKey: string | undefined): Finding {
  const fix = "Put back the master key that this lake was made with, mode 0600, or name it with --master-key-file.";
  if (sealedDataKey === undefined) return ok("master-key", "none is needed yet");
  return guarded(
    "master-key",
    () =>
      readMasterKeys(source).some(({ key }) => DataKey.open(sealedDataKey, key) !== undefined)
        ? ok("master-key", "it opens the lake's secrets")
        : fail("master-key", "it is not the key that this lake's secrets are sealed with", fix),
    fix,
  );
}

/** `skewMs`: how far this clock is behind the endpoint's. */
export function clockSkew(url: string, skewMs: number): Finding {
  const size = Math.abs(skewMs);
  const found = `${url} answers; this clock is ${size < 2000 ? "the same" : `${seconds(size)} ${skewMs > 0 ? "behind" : "ahead of"} it`}`;
  const fix = "Set the clock of this machine, or of the endpoint, and keep it by NTP.";
  if (size > 15 * 60_000) return fail("endpoint", `${found}, and a signature may be 15 minutes off`, fix);
  return size > clockSlackMs ? warn("endpoint", found, fix) : ok("endpoint", found);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 120 ? `${whole} s` : whole < 7200 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`;
}
