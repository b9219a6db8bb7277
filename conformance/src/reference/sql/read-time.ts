/** ms since 1970 of a date, or a date and a time with a blank or a T between, in UTC; undefined where the text is neither. */
export function readTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d{1,3})?(?:Z| UTC)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2] ?? "00:00:00"}${match[3] ?? ""}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
