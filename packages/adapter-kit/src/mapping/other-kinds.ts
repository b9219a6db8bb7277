import { Refused } from "../refused.ts";

/** Records that come along with a vendor's and are none of those that are mapped. */
export interface OtherKind {
  /** UPPER_SNAKE, for users to look up. */
  readonly code: string;
  readonly is: (record: unknown) => boolean;
  /** JSON pointer of what tells it. */
  readonly path: string;
  /** What the record is, and what to do instead. */
  readonly why: string;
}

/**
 * Throws {@link Refused} with the first kind that a record is: refused by name rather than mapped wrongly. Call it from `eventId`,
 * so that one such record of a page refuses none of the others.
 */
export function refuseOtherKinds(kinds: readonly OtherKind[], record: unknown): void {
  const other = kinds.find((kind) => kind.is(record));
  if (other !== undefined) throw new Refused(other.code, other.why, other.path);
}
