/** Two texts beside each other in `width` columns, long lines wrapped; below 100 columns one above the other. */
export function sideBySide(left: string, right: string, width: number): string {
  if (width < 100) return `${left}\n=>\n${right}\n`;
  const column = Math.floor((width - 3) / 2);
  const a = wrap(left, column);
  const b = wrap(right, column);
  const lines: string[] = [];
  for (let at = 0; at < Math.max(a.length, b.length); at++)
    lines.push(`${(a[at] ?? "").padEnd(column)} | ${b[at] ?? ""}`.trimEnd());
  return `${lines.join("\n")}\n`;
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.length <= width) lines.push(line);
    else for (let at = 0; at < line.length; at += width) lines.push(line.slice(at, at + width));
  }
  return lines;
}
