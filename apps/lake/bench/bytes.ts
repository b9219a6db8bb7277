import { columnBytes, type FilledLake, tableFiles } from "./filled-lake.ts";
import { markdownTable } from "./markdown-table.ts";

/** What a stored event takes, its original text included; and what compaction and merges took to get there. */
export async function bytes({ lake, first }: FilledLake): Promise<string> {
  const { rows, filled } = first;
  const parts = await columnBytes(tableFiles(lake, filled));
  const stored = filled.files.reduce((sum, file) => sum + file.bytes, 0);
  const each = (total: number): string => (total / rows).toFixed(0);
  const table = markdownTable([
    ["of an event", "bytes"],
    ["eventData as it was received", each(filled.textBytes)],
    ["a row of the journal, until it is compacted", each(filled.journalBytes)],
    ["in the table files, while their day goes on", each(filled.compactedBytes)],
    ["**in the table files, a day after**", `**${each(stored)}**`],
    ["of it eventdata_text, the original", each(parts.text)],
    ["of it the typed columns of eventdata", each(parts.typed)],
    ["of it all other columns", each(parts.others)],
  ]);
  const rate = (seconds: number): string => `${Math.round(rows / seconds).toLocaleString("en")} events/s`;
  const perEvent = (seconds: number): string => `${((seconds * 1e6) / rows).toFixed(1)} µs`;
  const { compact, merge, pack } = filled.processorSeconds;
  return `${rows.toLocaleString("en")} events in ${filled.files.length} files; compaction ${rate(filled.compactSeconds)}, merges after it ${filled.mergeSeconds.toFixed(1)} s, packing of days that are over ${rate(filled.packSeconds)}. Of a processor, for each event: compaction ${perEvent(compact)}, merges ${perEvent(merge)}, packing ${perEvent(pack)}.\n\n${table}`;
}
