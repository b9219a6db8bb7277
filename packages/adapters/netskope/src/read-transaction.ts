import { Refused } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { transactionColumns } from "./transaction-columns.ts";

/** Columns of the oldest log format: no row has fewer. */
const fewest = 59;
const timestamp = transactionColumns.indexOf("x-cs-timestamp");

/**
 * A line of a transaction log without a header row, as an object of texts by column; no record (an empty array) for `#` lines
 * and for the names of the columns. Throws {@link Refused} `TRANSACTION_COLUMNS` for a line whose cells cannot be told.
 */
export function readTransaction(line: string): Json {
  const row = line.endsWith("\r") ? line.slice(0, -1) : line;
  if (row.startsWith("#") || /^date[ ,]time[ ,]/.test(row)) return [];
  const cells = cellsOf(row, row[10] === "," ? "," : " ");
  const isRow =
    cells.length >= fewest &&
    cells.length <= transactionColumns.length &&
    /^\d{4}-\d\d-\d\d$/.test(String(cells[0])) &&
    /^\d\d:\d\d:\d\d$/.test(String(cells[1])) &&
    /^\d{9,11}$/.test(String(cells[timestamp]));
  if (!isRow)
    throw new Refused(
      "TRANSACTION_COLUMNS",
      `This is no row of a transaction log that is known: ${cells.length} cells, of which ${fewest} to ${transactionColumns.length} in Netskope's order can be told. Send it with a header row, as CSV.`,
    );
  return Object.fromEntries(cells.map((cell, index) => [transactionColumns[index]!, cell]));
}

/** The cells of a row; in quotes a cell may hold the separator, and a quote twice. */
function cellsOf(row: string, separator: string): readonly string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= row.length) {
    let cell = "";
    if (row[at] === '"') {
      at += 1;
      for (;;) {
        const quote = row.indexOf('"', at);
        // A quote that is never closed: the line was cut.
        if (quote < 0) return [];
        cell += row.slice(at, quote);
        at = quote + 1;
        if (row[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const next = row.indexOf(separator, at);
    const end = next < 0 ? row.length : next;
    cells.push(cell + row.slice(at, end));
    at = end + 1;
  }
  return cells;
}
