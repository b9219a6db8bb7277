import { type Vector } from "./vector.ts";

export const estimates: readonly Vector[] = [
  ["approx_distinct(x), approx_distinct(x, 0.01), approx_distinct(x) FILTER (WHERE x > 5), approx_distinct(NULL) FROM UNNEST(sequence(1, 20)) t(x)", "[\"20\",\"20\",\"15\",\"0\"]"],
  ["x % 3, approx_distinct(x) FROM UNNEST(sequence(1, 20)) t(x) GROUP BY 1 ORDER BY 1", "[[\"0\",\"6\"],[\"1\",\"7\"],[\"2\",\"7\"]]"],
  ["x, approx_distinct(x) OVER (ORDER BY x) FROM UNNEST(sequence(1, 4)) t(x) ORDER BY 1", "[[\"1\",\"1\"],[\"2\",\"2\"],[\"3\",\"3\"],[\"4\",\"4\"]]"],
  ["approx_distinct(x) FROM (VALUES 'git.push', 'repo.create', 'member.add', 'git.push', 'secret.read') t(x)", "4"],
  ["approx_distinct(1) WHERE false", "0"],
  ["abs(approx_distinct(x) - 100000) < 5000 FROM (SELECT a * 1000 + b AS x FROM UNNEST(sequence(1, 100)) t(a) CROSS JOIN UNNEST(sequence(1, 1000)) u(b))", "true"],
  ["abs(approx_distinct(x) - 1000) < 50 FROM UNNEST(sequence(1, 1000)) t(x)", "true"],
  ["approx_percentile(x, 0.5), approx_percentile(x, 0.25), approx_percentile(x, 0.0), approx_percentile(x, 1.0) FROM (VALUES 1, 2, 3, 4) t(x)", "[\"3\",\"2\",\"1\",\"4\"]"],
  ["approx_percentile(x, ARRAY[0.1, 0.5, 0.9]) FROM (VALUES 1e0, 2e0, 3e0, 4e0) t(x)", "[1.0,3.0,4.0]"],
  ["approx_percentile(x, 0.5) FROM (VALUES 9, 9, 31, 31, NULL) t(x)", "31"],
  ["approx_percentile(x, 0.5) FROM (VALUES 1) t(x) WHERE false", null],
];
