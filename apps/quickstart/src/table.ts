/** Draws rows as a table of plain characters; a cell longer than `maxCell` code points is cut with an ellipsis. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[], maxCell = 44): string {
  const cut = (text: string) => {
    const points = Array.from(text.replaceAll(/\p{Cc}/gu, " "));
    return points.length > maxCell ? `${points.slice(0, maxCell - 1).join("")}…` : points.join("");
  };
  const cells = [columns, ...rows].map((row) => row.map(cut));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => Array.from(row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat(widths[column]! - Array.from(cell).length))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].map((text) => `    ${text}\n`).join("");
}
