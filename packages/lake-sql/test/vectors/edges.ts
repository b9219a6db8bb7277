import { type Vector } from "./vector.ts";

export const edges: readonly Vector[] = [
  ["k, try(cast(x AS bigint) * 2 + cast(x AS bigint)) FROM (VALUES (1, 'x'), (2, '2')) t(k, x) ORDER BY k", "[[\"1\",null],[\"2\",\"6\"]]"],
  ["try(sum(x) / 0), count(*) FROM (VALUES 1, 2) t(x)", "[null,\"2\"]"],
  ["k, TRY(k / element_at(a, k)) FROM (VALUES (1, ARRAY[0]), (2, ARRAY[1, 2])) t(k, a) ORDER BY 1", "[[\"1\",null],[\"2\",\"1\"]]"],
  ["transform(ARRAY[1, 0], x -> try(10 / x))", "[10,null]"],
  ["coalesce(2.0, 1.25), CASE WHEN true THEN 1 ELSE 2.5 END, if(true, 1.5, 2e0), greatest(-1.25, 100.01), least(1, 2.5), ARRAY[1.5, 10.25]", "[\"2.00\",\"1.0\",\"1.5\",\"100.01\",\"1.0\",\"[1.50,10.25]\"]"],
  ["round(greatest(-1.25, 100.01), 1)", "100.00"],
  ["x FROM (VALUES 1.50) t(x) UNION ALL SELECT 10000.125 ORDER BY 1", "[[\"1.500\"],[\"10000.125\"]]"],
  ["map_concat(CAST(NULL AS map(varchar, varchar)), MAP(ARRAY['a'], ARRAY['b']))", null],
  ["map_zip_with(CAST(NULL AS map(varchar, integer)), MAP(ARRAY['a'], ARRAY[1]), (k, a, b) -> b)", null],
  ["array_position(CAST(NULL AS array(integer)), 1), array_position(ARRAY[1], NULL), array_position(ARRAY[NULL, 1], 1)", "[null,null,\"2\"]"],
  ["cardinality(ARRAY[1] || CAST(NULL AS integer)), concat(ARRAY[1], CAST(NULL AS integer))", "[null,null]"],
  ["array_except(ARRAY[5, NULL], ARRAY[1]), array_except(ARRAY[5, NULL], ARRAY[1, NULL]), array_intersect(ARRAY[1, NULL], ARRAY[NULL, 1]), array_union(CAST(NULL AS array(integer)), ARRAY[1])", "[\"[5,null]\",\"[5]\",\"[1,null]\",null]"],
  ["count_if(x), count(*) FROM (VALUES CAST(NULL AS boolean)) t(x)", "[\"0\",\"1\"]"],
  ["count_if(x) FROM (VALUES true) t(x) WHERE false", "0"],
  ["split(CAST(NULL AS varchar), '.', 2)", null],
  ["levenshtein_distance('Ünï', 'uni'), levenshtein_distance('😀a', 'a'), hamming_distance('é', 'e'), levenshtein_distance(NULL, 'a')", "[\"2\",\"1\",\"1\",null]"],
  ["cast(x AS varchar) FROM (VALUES 0e0, 1e0) t(x) WHERE x = 0", "0E0"],
  ["sqrt(-1e0), ln(0), ln(-1), log10(0), log2(-1), acos(2), asin(2), log(2, 0), sin(infinity())", "[\"NaN\",\"-Infinity\",\"NaN\",\"-Infinity\",\"NaN\",\"NaN\",\"NaN\",\"-Infinity\",\"NaN\"]"],
  ["cast(x AS varchar) FROM (VALUES -0e0) t(x)", "-0E0"],
];
