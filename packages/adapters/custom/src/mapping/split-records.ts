import { isArray, Refused, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { pointerOf } from "./document-path.ts";

/** Where a document holds several records. */
export interface SplitPlan {
  /** Steps to the array. */
  readonly at: readonly string[];
  /** Whether what is around the array stays with each element. */
  readonly keep: boolean;
  /** Steps to where an element's number is written. */
  readonly index?: readonly string[] | undefined;
}

/** Characters of JSON that one document may become by repeating what is around its array. */
const maxRepeated = 2 ** 26;

/**
 * The records of a document. With `keep`, each is the document with one element in the array's place. A document without
 * such an array, or with an empty one that has something around it, is one record: it is refused rather than lost.
 * Throws {@link Refused} `SPLIT_FAILED` where repeating what is around the array would not end soon, and where something
 * stands already where the element's number should go.
 */
export function splitRecords(document: Json, { at, keep, index }: SplitPlan): readonly Json[] {
  const found = valueAt(document, ...at);
  if (!isArray(found)) return [document];
  if (!keep) return found;
  if (found.length === 0) return [document];
  checkRepeated(withValue(document, at, null), found.length, pointerOf(at));
  return found.map((element, number) => {
    const record = withValue(document, at, element);
    return index === undefined ? record : withNumber(record, index, number);
  });
}

/** Throws {@link Refused} `SPLIT_FAILED` where repeating what is around an array with each element would not end soon. */
export function checkRepeated(around: Json, elements: number, path: string): void {
  const length = elements > 1 ? JSON.stringify(around).length : 0;
  if (length * elements > maxRepeated)
    throw new Refused(
      "SPLIT_FAILED",
      `The array has ${elements} elements and ${length} characters around it, which each of them would repeat: say keep: false in split.`,
      path,
    );
}

function withNumber(record: Json, index: readonly string[], number: number): Json {
  const isTaken = index.some((_, length) => {
    const on = valueAt(record, ...index.slice(0, length));
    return on !== undefined && (typeof on !== "object" || on === null || Array.isArray(on));
  });
  if (isTaken || valueAt(record, ...index) !== undefined)
    throw new Refused(
      "SPLIT_FAILED",
      "The element's number would take the place of a value: say another index in split.",
      pointerOf(index),
    );
  return withValue(record, index, number);
}

/** A copy of a value with another one at a path; objects that are missing on the way are made. */
function withValue(value: Json | undefined, path: readonly string[], replacement: Json): Json {
  const [step, ...below] = path;
  if (step === undefined) return replacement;
  if (isArray(value))
    return value.map((element, at) => (String(at) === step ? withValue(element, below, replacement) : element));
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const known = members.some(([key]) => key === step);
  return Object.fromEntries([
    ...members.map(([key, member]): [string, Json] => [
      key,
      key === step ? withValue(member, below, replacement) : member,
    ]),
    ...(known ? [] : [[step, withValue(undefined, below, replacement)] as [string, Json]]),
  ]);
}
