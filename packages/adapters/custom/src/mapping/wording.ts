import type { Json } from "@tributary/adapter-kit";

/** A value of a mapping document as an error shows it. */
export function quoted(value: Json): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 62 ? text : `${text.slice(0, 60)}…`;
}

/** `a`, `a or b`, `a, b or c`. */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)!}`;
}

/** The fix for a word that is nearly one of those allowed; undefined for one that is like none of them. */
export function suggestion(given: string, allowed: readonly string[]): string | undefined {
  if (given.length > 40) return undefined;
  const near = allowed
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance: edits }) => edits <= Math.max(1, Math.floor(name.length / 4)))
    .toSorted((left, right) => left.distance - right.distance)[0];
  return near && `did you mean ${near.name}? The choice is ${oneOf(allowed)}`;
}

/** The pointer that a text may mean which is none: `a`, `a.b`, `.a[0]`, `$.a`, `{{ a }}` and `${a}` are known of elsewhere. */
export function pointerMeant(given: string): string {
  const inner = /^\$?\{{1,2} *([^{} ]+) *\}{1,2}$/.exec(given)?.[1] ?? given;
  if (!/^(?:\$?\.)?[\w@-]+(?:\.[\w@-]+|\[(?:\d+|\*)\])*$/.test(inner)) return `/${given}`;
  const steps = inner.replace(/^\$?\./, "").split(/[.[\]]/);
  return steps.flatMap((step) => (step === "" ? [] : [`/${step}`])).join("");
}

/** How many letters must be changed, added, taken away or swapped with their neighbour to make one word of another. */
function distance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1];
      let edits = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        edits = Math.min(edits, before[j - 2]! + 1);
      next.push(edits);
    }
    before = row;
    row = next;
  }
  return row[right.length]!;
}
