import { type Vector } from "./vector.ts";

export const windows: readonly Vector[] = [
  ["x, row_number() OVER (ORDER BY x DESC) FROM (VALUES 1, 2) t(x) ORDER BY x", "[[\"1\",\"2\"],[\"2\",\"1\"]]"],
  ["x, rank() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x) FROM (VALUES 1, 1, 2) t(x) ORDER BY 1, 2", "[[\"1\",\"1\",\"1\"],[\"1\",\"1\",\"1\"],[\"2\",\"3\",\"2\"]]"],
  ["x, percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1", "[[\"1\",\"0.0\",\"0.3333333333333333\"],[\"2\",\"0.5\",\"0.6666666666666666\"],[\"3\",\"1.0\",\"1.0\"]]"],
  ["x, ntile(2) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1", "[[\"1\",\"1\"],[\"2\",\"1\"],[\"3\",\"2\"]]"],
  ["x, lag(x) OVER (ORDER BY x), lead(x, 1, 0) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1", "[[\"1\",null,\"2\"],[\"2\",\"1\",\"3\"],[\"3\",\"2\",\"0\"]]"],
  ["x, first_value(x) OVER (ORDER BY x), last_value(x) OVER (ORDER BY x) FROM (VALUES 1, 2) t(x) ORDER BY 1", "[[\"1\",\"1\",\"1\"],[\"2\",\"1\",\"2\"]]"],
  ["x, nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2) t(x) ORDER BY 1", "[[\"1\",\"2\"],[\"2\",\"2\"]]"],
  ["i, last_value(x) IGNORE NULLS OVER (ORDER BY i) FROM (VALUES (1, 'a'), (2, NULL), (3, 'c')) t(i, x) ORDER BY 1", "[[\"1\",\"a\"],[\"2\",\"a\"],[\"3\",\"c\"]]"],
  ["i, lag(x) IGNORE NULLS OVER (ORDER BY i) FROM (VALUES (1, 'a'), (2, NULL), (3, 'c')) t(i, x) ORDER BY 1", "[[\"1\",null],[\"2\",\"a\"],[\"3\",\"a\"]]"],
  ["i, first_value(x) RESPECT NULLS OVER (ORDER BY i) FROM (VALUES (1, NULL), (2, 'b')) t(i, x) ORDER BY 1", "[[\"1\",null],[\"2\",null]]"],
  ["x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1", "[[\"1\",\"1\"],[\"2\",\"3\"],[\"3\",\"5\"]]"],
  ["x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1", "[[\"1\",\"3\"],[\"2\",\"3\"],[\"4\",\"4\"]]"],
  ["x, sum(x) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 1, 2, 3) t(x) ORDER BY 1, 2", "[[\"1\",\"2\"],[\"1\",\"2\"],[\"2\",\"4\"],[\"3\",\"5\"]]"],
  ["x, count(*) OVER (PARTITION BY x % 2) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1", "[[\"1\",\"2\"],[\"2\",\"1\"],[\"3\",\"2\"]]"],
  ["x, sum(x) OVER w FROM (VALUES 1, 2) t(x) WINDOW w AS (ORDER BY x) ORDER BY 1", "[[\"1\",\"1\"],[\"2\",\"3\"]]"],
];
