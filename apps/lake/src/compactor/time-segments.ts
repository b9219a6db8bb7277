/** The time of a file's first and of its last event, in one unit. */
export interface TimeRange {
  readonly first: number;
  readonly last: number;
  /** Whether its events must be sorted wherever they are. */
  readonly mixed?: boolean | undefined;
}

/** A stretch of time, its end not in it, and the numbers of the files that may have events in it. */
export interface TimeSegment {
  readonly from: number;
  readonly until: number;
  readonly files: readonly number[];
  /** Whether its events must be sorted. Else they are one file's, sorted as they are, and no other segment like this is of that file. */
  readonly mixed: boolean;
}

/**
 * Cuts the time of sorted files, in order, into what only one of them covers and what must be sorted. Every event of every file is
 * in exactly one segment.
 */
export function timeSegments(ranges: readonly TimeRange[]): readonly TimeSegment[] {
  const stretches = covered(ranges);
  const longest = new Map<number, TimeSegment>();
  for (const stretch of stretches) {
    if (stretch.mixed) continue;
    const before = longest.get(stretch.files[0]!);
    if (before === undefined || stretch.until - stretch.from > before.until - before.from)
      longest.set(stretch.files[0]!, stretch);
  }
  const segments: TimeSegment[] = [];
  for (const stretch of stretches) {
    const mixed = longest.get(stretch.files[0]!) !== stretch;
    const last = segments.at(-1);
    if (last?.mixed === true && mixed)
      segments[segments.length - 1] = {
        ...last,
        until: stretch.until,
        files: [...new Set([...last.files, ...stretch.files])],
      };
    else segments.push({ ...stretch, mixed });
  }
  return segments;
}

/** Stretches between which the files that cover them change. */
function covered(ranges: readonly TimeRange[]): readonly TimeSegment[] {
  const cuts = ranges
    .flatMap(({ first, last }, file) => [
      { at: first, file, opens: true },
      { at: last + 1, file, opens: false },
    ])
    .toSorted((x, y) => x.at - y.at);
  const stretches: TimeSegment[] = [];
  const open = new Set<number>();
  let from = 0;
  for (const { at, file, opens } of cuts) {
    if (at > from && open.size > 0) {
      const files = [...open];
      stretches.push({ from, until: at, files, mixed: files.length > 1 || ranges[files[0]!]!.mixed === true });
    }
    if (opens) open.add(file);
    else open.delete(file);
    from = at;
  }
  return stretches;
}
