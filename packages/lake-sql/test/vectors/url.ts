import { type Vector } from "./vector.ts";

export const url: readonly Vector[] = [
  ["url_extract_host('https://user@example.com:8080/a?b#c')", "example.com"],
  ["url_extract_port('https://example.com:8080/a')", "8080"],
  ["url_extract_port('https://example.com/a')", null],
  ["url_extract_path('https://example.com/a?b#c')", "/a"],
  ["url_extract_path('https://example.com')", ""],
  ["url_extract_query('https://example.com/a?x=1&y=2#c')", "x=1&y=2"],
  ["url_extract_query('https://example.com/a')", ""],
  ["url_extract_fragment('https://example.com/a#frag')", "frag"],
  ["url_extract_fragment('https://example.com/a')", ""],
  ["url_extract_protocol('https://example.com')", "https"],
  ["url_extract_parameter('https://example.com/a?x=1&y=2', 'y')", "2"],
  ["url_extract_parameter('https://example.com/a?x=1&y=a%20b', 'y')", "a b"],
  ["url_extract_parameter('https://example.com/a?x=1', 'z')", null],
  ["url_extract_host('not a url')", null],
  ["url_encode('a b&c/é')", "a+b%26c%2F%C3%A9"],
  ["url_decode('a+b%26c')", "a b&c"],
];
