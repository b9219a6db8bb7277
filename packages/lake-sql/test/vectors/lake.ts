import type { Vector } from "./vector.ts";

/** What Lake SQL takes beyond Trino: times written as strings, JSON paths of older engines, JSON values printed as JSON. */
export const lakeVectors: readonly Vector[] = [
  ["timestamp '2026-08-09 13:04:05' > '2026-08-09'", "true"],
  ["timestamp '2026-08-09 13:04:05' > '2026-08-09 13:04:04.999'", "true"],
  ["'2026-08-09T13:04:05Z' = timestamp '2026-08-09 13:04:05'", "true"],
  ["'2026-08-09T15:04:05+02:00' = timestamp '2026-08-09 13:04:05'", "true"],
  ["date '2026-08-09' between '2026-08-01' and '2026-08-31'", "true"],
  ["timestamp '2026-08-09 13:04:05' in ('2026-08-09 13:04:05', '2026-08-10')", "true"],
  ["cast('2026-08-10T02:00:00+02:00' as timestamp)", "2026-08-10 00:00:00.000"],
  ["cast(timestamp '2026-08-09 13:04:05' as varchar)", "2026-08-09 13:04:05.000"],
  ["cast('2026-08-09 13:04:05' as date), cast('2026-08-09T13:04:05Z' as date)", "[\"2026-08-09\",\"2026-08-09\"]"],
  ["true = 'true'", "true"],
  ['json_extract(\'{"a":[{"b":1},{"b":2}]}\', \'$.a[*].b\')', "[1,2]"],
  ['json_extract_scalar(\'{"AWS:Item":{"x y":1}}\', \'$.AWS:Item.x y\')', "1"],
  ["json_array_get('[1,\"x\"]', 1)", '"x"'],
  ["json_array_get('[1,\"x\"]', -1)", '"x"'],
];
