/** A whole number with thousands separators. */
export function group(value: number): string {
  return value.toLocaleString("en-US");
}

/** Control characters of foreign text must not reach a terminal: they are shown as their code. */
export function printable(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- that is the point
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Columns padded to their widest cell; numbers to the right. The last column is not padded. */
export function table(rows: readonly (readonly (string | number)[])[], indent = ""): string {
  const text = rows.map((row) => row.map((cell) => (typeof cell === "number" ? group(cell) : printable(cell))));
  const widths: number[] = [];
  for (const row of text)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return text
    .map((row, at) =>
      row
        .map((cell, column) => {
          if (typeof rows[at]![column] === "number") return cell.padStart(widths[column]!);
          return column === row.length - 1 ? cell : cell.padEnd(widths[column]!);
        })
        .join("  "),
    )
    .map((line) => `${indent}${line}\n`)
    .join("");
}
