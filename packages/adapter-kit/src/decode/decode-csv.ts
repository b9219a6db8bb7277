import type { Json } from "../contract/json.ts";
import type { Draft } from "../own-property.ts";
import { setOwn } from "../own-property.ts";
import { Refused } from "../refused.ts";

/**
 * The rows of a CSV text (RFC 4180) after its header row, each an object of texts keyed by the header's cells; cells that
 * a short row lacks are absent. Throws {@link Refused} `NOT_CSV` for a row with more cells than the header, a header that
 * names a column twice, and a quote that is never closed.
 */
export function decodeCsv(text: string): readonly Json[] {
  const [header, ...rows] = csvRows(text);
  if (header === undefined) throw new Refused("NOT_CSV", "There is nothing here.");
  if (new Set(header).size < header.length) throw new Refused("NOT_CSV", "The header names a column twice.");
  return rows.map((cells) => {
    if (cells.length > header.length)
      throw new Refused("NOT_CSV", `The row has ${cells.length} cells, the header ${header.length}.`);
    const row: Draft = {};
    for (const [index, cell] of cells.entries()) setOwn(row, header[index]!, cell);
    return row;
  });
}

/** All rows with their cells. Blank lines are no rows. */
function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const endRow = () => {
    if (row.length > 1 || (row[0] ?? "").trim() !== "") rows.push(row);
    row = [];
  };
  for (;;) {
    let cell = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new Refused("NOT_CSV", "A quoted cell is never closed.");
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    let end = at;
    while (end < text.length && text[end] !== "," && text[end] !== "\n") end += 1;
    const ends = text[end];
    row.push(cell + (ends === "," ? text.slice(at, end) : text.slice(at, end).replace(/\r$/, "")));
    at = end + 1;
    if (ends !== ",") endRow();
    if (end >= text.length) return rows;
  }
}
