import { type Vector } from "./vector.ts";

export const regexp: readonly Vector[] = [
  ["regexp_like('abc', 'b')", "true"],
  ["regexp_like('abc', '^b')", "false"],
  ["regexp_like('a.b', 'a\\.b')", "true"],
  ["regexp_like('ABC', '(?i)b')", "true"],
  ["regexp_extract('abc', 'x')", null],
  ["regexp_extract('abc', 'b(c)')", "bc"],
  ["regexp_extract('abc', 'b(c)', 1)", "c"],
  ["regexp_extract_all('1a 2b 14m', '\\d+')", "[\"1\",\"2\",\"14\"]"],
  ["regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)", "[\"a\",\"b\",\"m\"]"],
  ["regexp_replace('a1b2', '[0-9]')", "ab"],
  ["regexp_replace('a1b2', '([0-9])', '<$1>')", "a<1>b<2>"],
  ["regexp_replace('abc', 'b', '\\$')", "a$c"],
  ["regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", "[\"1\",\"2\",\"14\",\"\"]"],
  ["regexp_count('1a 2b 14m', '\\d+')", "3"],
  ["regexp_position('I have 23 apples', '\\d')", "8"],
  ["regexp_position('none', '\\d')", "-1"],
  ["regexp_position(NULL, 'a')", null],
];
