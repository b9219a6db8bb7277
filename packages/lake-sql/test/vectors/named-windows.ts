import { fails, type Vector } from "./vector.ts";

export const namedWindows: readonly Vector[] = [
  ["sum(n) OVER (w ORDER BY n) FROM (VALUES 1, 2, 3) t(n) WINDOW w AS (PARTITION BY n % 2) ORDER BY 1", "[[\"1\"],[\"2\"],[\"4\"]]"],
  ["row_number() OVER (w ROWS UNBOUNDED PRECEDING), sum(n) OVER (w ROWS 1 PRECEDING) FROM (VALUES 1, 2, 3) t(n) WINDOW w AS (ORDER BY n DESC) ORDER BY 1", "[[\"1\",\"3\"],[\"2\",\"5\"],[\"3\",\"3\"]]"],
  ["sum(n) OVER v FROM (VALUES 1, 2, 3) t(n) WINDOW w AS (PARTITION BY n % 2), v AS (w ORDER BY n) ORDER BY sum(n) OVER v", "[[\"1\"],[\"2\"],[\"4\"]]"],
  ["count(*) OVER (W) FROM (VALUES 1, 2) t(n) WINDOW w AS (PARTITION BY n)", "[[\"1\"],[\"1\"]]"],
  ["sum(n) OVER (w PARTITION BY n) FROM (VALUES 1, 2, 3) t(n) WINDOW w AS (PARTITION BY n % 2)", fails],
  ["sum(n) OVER (w ORDER BY n) FROM (VALUES 1, 2, 3) t(n) WINDOW w AS (ORDER BY n)", fails],
  ["sum(n) OVER (w) FROM (VALUES 1, 2, 3) t(n) WINDOW w AS (ORDER BY n ROWS 1 PRECEDING)", fails],
  ["sum(n) OVER v FROM (VALUES 1, 2, 3) t(n) WINDOW v AS (w), w AS (ORDER BY n)", fails],
  ["x FROM (SELECT sum(n) OVER w AS x FROM (VALUES 1, 2) t(n) WINDOW w AS (ORDER BY n) UNION ALL SELECT sum(n) OVER w FROM (VALUES 1, 2) t(n) WINDOW w AS (ORDER BY n DESC)) ORDER BY 1", "[[\"1\"],[\"2\"],[\"3\"],[\"3\"]]"],
  ["sum(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM (VALUES 1) t(x)", fails],
  ["sum(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM (VALUES 1) t(x)", fails],
  ["sum(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING) FROM (VALUES 1) t(x)", fails],
  ["sum(x) OVER (ORDER BY x ROWS 1 FOLLOWING) FROM (VALUES 1) t(x)", fails],
  ["x, sum(x) OVER (ORDER BY x ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), sum(x) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1", "[[\"1\",null,\"6\"],[\"2\",\"1\",\"4\"],[\"4\",\"3\",null]]"],
  ["lag(x, -1) OVER (ORDER BY x) FROM (VALUES 1, 2) t(x)", fails],
  ["lag(x, n) OVER (ORDER BY x) FROM (VALUES (1, 0), (2, 1)) t(x, n) ORDER BY 1", "[[\"1\"],[\"1\"]]"],
];
