import * as fc from "fast-check";
import { aggregates, leaves, phrases, rows, windows, type Sort } from "./phrases.ts";

/** A statement or a part of it: text with parts in it, each of which may be put smaller. */
export interface Part {
  readonly sort: Sort | undefined;
  readonly pieces: readonly (string | Part)[];
}

/** Stands for the rows: written out for the lake, a table for Trino, which plans that sooner. */
const table = "$ROWS";

const textOf = (part: Part): string =>
  part.pieces.map((piece) => (typeof piece === "string" ? piece : textOf(piece))).join("");

export const forLake = (part: Part): string => textOf(part).replaceAll(table, () => rows);
export const forTrino = (part: Part): string => textOf(part).replaceAll(table, "generated_rows AS t");
/** What makes Trino's table. */
export const createRows = `CREATE TABLE generated_rows AS SELECT * FROM ${rows}`;

const sorts = Object.keys(leaves).filter((name): name is Sort => name in leaves);
const leaf = (sort: Sort): fc.Arbitrary<Part> =>
  fc.constantFrom(...leaves[sort]).map((text) => ({ sort, pieces: [text] }));

/** An expression of a type, at most `depth` phrases deep. */
function expression(sort: Sort, depth: number): fc.Arbitrary<Part> {
  if (depth === 0) return leaf(sort);
  return fc.oneof(
    { weight: 1, arbitrary: leaf(sort) },
    { weight: 4, arbitrary: fc.constantFrom(...phrases[sort]).chain((phrase) => filled(phrase, sort, depth - 1)) },
  );
}

/** A phrase with expressions in its holes. */
function filled(phrase: string, sort: Sort | undefined, depth: number): fc.Arbitrary<Part> {
  const pieces = phrase.split(/\{(\w+)\}/);
  return fc
    .tuple(
      ...pieces.map((piece, index): fc.Arbitrary<string | Part> => {
        const hole = index % 2 === 1 ? sorts.find((name) => name === piece) : undefined;
        return hole === undefined ? fc.constant(piece) : expression(hole, depth);
      }),
    )
    .map((made) => ({ sort, pieces: made }));
}

const shapes: fc.Arbitrary<Part> = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...sorts).map((sort) => `SELECT k, TRY({${sort}}) FROM ${table}`) },
    { weight: 3, arbitrary: fc.constantFrom(...sorts).map((sort) => `SELECT k, {${sort}} FROM ${table}`) },
    { weight: 1, arbitrary: fc.constant(`SELECT k FROM ${table} WHERE {bool}`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...aggregates), fc.constantFrom("bool", "str", "int", "day"))
        .map(([[, call], key]) => `SELECT x, ${call} FROM (SELECT *, {${key}} AS x FROM ${table}) GROUP BY x`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...aggregates).map(([, call]) => `SELECT ${call} FROM ${table} WHERE {bool}`),
    },
    { weight: 2, arbitrary: fc.constantFrom(...windows).map((call) => `SELECT k, ${call} FROM ${table}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom("UNION", "UNION ALL", "EXCEPT", "INTERSECT"),
          fc.constantFrom("int", "str", "dec", "day"),
        )
        .map(([op, sort]) => `SELECT {${sort}} FROM ${table} ${op} SELECT {${sort}} FROM ${table}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("JOIN", "LEFT JOIN")
        .map(
          (join) =>
            `SELECT t.k, q.k2 FROM ${table} ${join} (SELECT k AS k2, {int} AS x2 FROM ${table}) q ON {int} = x2`,
        ),
    },
  )
  .chain((shape) => filled(shape, undefined, 3));

/** Small SELECTs of typed expressions over rows with NULLs and values at the edges. */
export const statements = shapes;

/** The statement with one of its parts put smaller: a part of the same type inside of it, or a column or literal. */
export function smaller(part: Part): Part[] {
  return part.pieces.flatMap((piece, at) => {
    if (typeof piece === "string") return [];
    const put = (instead: Part): Part => ({ ...part, pieces: part.pieces.with(at, instead) });
    const { sort } = piece;
    const plain = piece.pieces.length === 1;
    const simple: Part[] =
      sort === undefined || plain ? [] : leaves[sort].slice(0, 3).map((text) => ({ sort, pieces: [text] }));
    return [...simple, ...within(piece, sort), ...smaller(piece)].map(put);
  });
}

const within = (part: Part, sort: Sort | undefined): Part[] =>
  part.pieces.flatMap((piece) =>
    typeof piece === "string" ? [] : [...(piece.sort === sort ? [piece] : []), ...within(piece, sort)],
  );
