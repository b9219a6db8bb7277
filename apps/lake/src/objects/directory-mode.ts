/**
 * The mode of a directory among the objects. A process that runs a query may be another user, who must reach the table files that it
 * was given and no more: it passes through the directories of tables, without seeing what is in them, and enters no other. The names
 * of table files are random, so one that it was not given it does not find.
 */
export function directoryMode(segments: readonly string[]): number {
  const [top, , day] = segments;
  return top === "tables" && (day === undefined || day.startsWith("eventday=")) ? 0o711 : 0o700;
}
