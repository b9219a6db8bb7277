/** Whether a text begins as a transaction log does: with `#` lines, the names of the columns, or a row. */
export function startsTransactions(head: string): boolean {
  return /^(?:#(?:Version|Fields|Software|Date)\b|date[ ,]time[ ,]time-taken|\d{4}-\d\d-\d\d[ ,]\d\d:\d\d:\d\d[ ,])/.test(
    head,
  );
}
