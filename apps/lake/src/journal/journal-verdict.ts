const gibibyte = 1024 ** 3;

/** `throttle`: answer ThrottlingException until compaction has caught up; `stop`: answer 503, the disk has no room left for compaction. */
export type JournalVerdict = "accept" | "throttle" | "stop";

/** Bytes that must be free on the disk while `bytes` wait in the journal: room for their tables, and 1 GiB. */
export function roomFor(bytes: number): number {
  return 2 * bytes + gibibyte;
}

/** Whether to take more events, by what waits for compaction. `compactionRate`: events a second. */
export function journalVerdict(
  load: { readonly bytes: number; readonly events: number; readonly freeBytes: number },
  compactionRate = 70_000,
): JournalVerdict {
  if (load.freeBytes < roomFor(load.bytes)) return "stop";
  return load.bytes > gibibyte || load.events / compactionRate > 120 ? "throttle" : "accept";
}
