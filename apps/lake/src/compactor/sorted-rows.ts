import { type DuckDBSession, literal } from "./duckdb-session.ts";
import { type TimeSegment, timeSegments } from "./time-segments.ts";

export interface SortedRowsOptions {
  /** Table files, each sorted by eventtime and eventid. */
  readonly paths: readonly string[];
  /** The condition, on `filename` and `file_row_number`, of rows that are to be there, and the paths of the files that have others. */
  readonly kept?: { readonly where: string; readonly paths: ReadonlySet<string> } | undefined;
  readonly count: number;
  /** How many rows can be sorted at once. */
  readonly maxSorted: number;
  /** Writes the rows of a SELECT to a file, the nth, and answers its path. */
  readonly spill: (select: string, n: number) => Promise<string>;
}

/** The call of a table function without its end, so that more options can follow. */
export const sourceOf = (paths: readonly string[]): string =>
  `read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false`;

const select = (paths: readonly string[], where: string): string =>
  `SELECT * EXCLUDE (filename, file_row_number) FROM ${sourceOf(paths)}, filename = true, file_row_number = true) WHERE ${where}`;
/** A file of its own for each stretch that must be sorted is too dear where they are many. */
const maxMixed = 64;

/**
 * A SELECT of the rows of files, sorted by eventtime and eventid. Files mostly follow each other in time, and to sort whole rows costs
 * half as much as to write them: only where files lie over each other rows are sorted, into files of their own, and then all are read
 * in the order of time. DuckDB fails to sort wide rows that are more than its memory, though it may spill: they are sorted in slices.
 *
 * The order is that of a list of files, and what filters them is no join: a COPY by one thread mixes up the parts of a UNION ALL, and
 * a join holds back what it has few rows of.
 */
export async function sortedRows(
  session: DuckDBSession,
  { paths, kept, count, maxSorted, spill }: SortedRowsOptions,
): Promise<string> {
  const sorted = (some: readonly string[], where: string): string =>
    `${select(some, kept === undefined ? where : `${where} AND ${kept.where}`)} ORDER BY eventtime, eventid`;
  if (count <= maxSorted / 2) return sorted(paths, "true");
  const list: string[] = [];
  const spilled: string[] = [];
  const mixed: TimeSegment[] = [];
  for (const segment of await segmentsOf(session, paths, kept?.paths ?? new Set())) {
    const files = segment.files.map((file) => paths[file]!);
    if (!segment.mixed) list.push(...files);
    else {
      mixed.push(segment);
      for (const slice of await slicesOf(session, files, segment, maxSorted)) {
        const path = await spill(sorted(files, within(slice)), spilled.length);
        spilled.push(path);
        list.push(path);
      }
    }
  }
  if (spilled.length === 0) return select(list, "true");
  return select(list, `(filename IN (${spilled.map(literal).join(", ")}) OR NOT (${mixed.map(within).join(" OR ")}))`);
}

/** Microseconds since 1970. */
const time = (microseconds: number): string => `make_timestamptz(${microseconds})`;
const within = ({ from, until }: TimeSegment): string => `(eventtime >= ${time(from)} AND eventtime < ${time(until)})`;

async function segmentsOf(
  session: DuckDBSession,
  paths: readonly string[],
  changed: ReadonlySet<string>,
): Promise<readonly TimeSegment[]> {
  const found = await session.rows(
    `SELECT filename, epoch_us(min(eventtime)) AS first, epoch_us(max(eventtime)) AS last
     FROM ${sourceOf(paths)}, filename = true) GROUP BY filename`,
  );
  const ranges = new Map(
    found.map(({ filename, first, last }) => [String(filename), { first: Number(first), last: Number(last) }]),
  );
  const segments = timeSegments(
    // A file without a row is in no segment.
    paths.map((path) => ({ ...(ranges.get(path) ?? { first: 0, last: -1 }), mixed: changed.has(path) })),
  );
  const [first, last] = [segments[0], segments.at(-1)];
  if (first === undefined || last === undefined || segments.filter((each) => each.mixed).length <= maxMixed)
    return segments;
  return [{ from: first.from, until: last.until, files: [...paths.keys()], mixed: true }];
}

/** The segment cut so that each slice has at most about so many rows. */
async function slicesOf(
  session: DuckDBSession,
  paths: readonly string[],
  segment: TimeSegment,
  maxSorted: number,
): Promise<readonly TimeSegment[]> {
  const rows = `SELECT epoch_us(eventtime) AS moment FROM ${sourceOf(paths)}) WHERE ${within(segment)}`;
  const [counted] = await session.rows(`SELECT count(*) AS count FROM (${rows})`);
  const count = Math.ceil(Number(counted!["count"]) / maxSorted);
  if (count <= 1) return [segment];
  const shares = Array.from({ length: count - 1 }, (_, n) => (n + 1) / count);
  const found = await session.rows(
    `SELECT DISTINCT bound FROM (SELECT unnest(quantile_disc(moment, [${shares.join(", ")}])) AS bound FROM (${rows})) ORDER BY bound`,
  );
  const bounds = found.map(({ bound }) => Number(bound)).filter((bound) => bound > segment.from);
  return [segment.from, ...bounds].map((from, n) => ({ ...segment, from, until: bounds[n] ?? segment.until }));
}
