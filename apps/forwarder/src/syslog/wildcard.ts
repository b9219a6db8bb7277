/** Whether a text fits a pattern in which `*` stands for any text. Case does not matter. Linear in the length of the text for each `*`. */
export function fitsWildcard(text: string, pattern: string): boolean {
  const whole = text.toLowerCase();
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  if (!whole.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return whole === first;
  let at = first.length;
  for (const part of rest) {
    const found = whole.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return whole.length - last.length >= at && whole.endsWith(last);
}
