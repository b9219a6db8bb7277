/** The objects that a command printed with `--json`, one a line. */
export function readJsonLines<T = object>(text: string): readonly T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): T => JSON.parse(line));
}
