import { fails, type Vector } from "./vector.ts";

export const ties: readonly Vector[] = [
  ["x FROM (VALUES 1, 1, 2) t(x) ORDER BY x FETCH FIRST 1 ROW WITH TIES", "[[\"1\"],[\"1\"]]"],
  ["x FROM (VALUES 1, 1, 2) t(x) FETCH FIRST 1 ROW WITH TIES", fails],
  ["x FROM (VALUES 1, 1, 2, 2, 3) t(x) ORDER BY x OFFSET 1 ROW FETCH FIRST 1 ROW WITH TIES", "1"],
  ["x FROM (VALUES 1, 1, 2, 2, 3) t(x) ORDER BY x OFFSET 2 ROWS FETCH FIRST ROW WITH TIES", "[[\"2\"],[\"2\"]]"],
  ["x FROM (VALUES 1, 1, 2, 2, 3) t(x) ORDER BY x OFFSET 1 ROW FETCH FIRST 2 ROWS WITH TIES", "[[\"1\"],[\"2\"],[\"2\"]]"],
  ["DISTINCT x FROM (VALUES 1, 1, 2, 2, 3) t(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES", "[[\"1\"],[\"2\"]]"],
  ["x, n FROM (SELECT x, count(*) AS n FROM (VALUES 1, 1, 2, 2, 3) t(x) GROUP BY x ORDER BY count(*) DESC FETCH FIRST 1 ROWS WITH TIES) ORDER BY 1", "[[\"1\",\"2\"],[\"2\",\"2\"]]"],
  ["y FROM (SELECT y FROM (VALUES (1, 'a'), (1, 'b'), (2, 'c')) t(x, y) ORDER BY x FETCH FIRST 1 ROWS WITH TIES) ORDER BY 1", "[[\"a\"],[\"b\"]]"],
  ["x FROM (VALUES 1, 2, NULL, NULL) t(x) ORDER BY x DESC NULLS FIRST FETCH FIRST 1 ROWS WITH TIES", "[[null],[null]]"],
  ["x FROM (VALUES 1, 2) t(x) UNION ALL SELECT 1 ORDER BY x FETCH FIRST 1 ROWS WITH TIES", "[[\"1\"],[\"1\"]]"],
  ["x FROM (VALUES 1, 2) t(x) UNION SELECT 1 ORDER BY 1 FETCH FIRST 1 ROWS WITH TIES", "1"],
  ["* FROM ((SELECT x FROM (VALUES 1, 1, 2) t(x)) ORDER BY x FETCH FIRST 1 ROWS WITH TIES)", "[[\"1\"],[\"1\"]]"],
  ["* FROM (VALUES 1, 1, 2 ORDER BY 1 FETCH FIRST 1 ROWS WITH TIES)", "[[\"1\"],[\"1\"]]"],
  ["x FROM (VALUES 1, 1, 2) t(x) ORDER BY x FETCH FIRST 0 ROWS WITH TIES", fails],
  ["x FROM (VALUES 1, 1, 2) t(x) ORDER BY x FETCH FIRST 0 ROWS ONLY", fails],
  ["y FROM (SELECT x AS y FROM (VALUES 1, -1, 2) t(x) ORDER BY abs(y) FETCH FIRST 1 ROWS WITH TIES) ORDER BY 1", "[[\"-1\"],[\"1\"]]"],
  ["-x AS x FROM (VALUES 1, 2, 2) t(x) ORDER BY x FETCH FIRST 1 ROWS WITH TIES", "[[\"-2\"],[\"-2\"]]"],
  ["n FROM (SELECT x, row_number() OVER (ORDER BY x) AS n FROM (VALUES 1, 1, 2) t(x) ORDER BY x FETCH FIRST 1 ROWS WITH TIES) ORDER BY 1", "[[\"1\"],[\"2\"]]"],
];
