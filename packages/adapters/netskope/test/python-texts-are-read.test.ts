import type { Json } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { readRepr } from "../src/read-repr.ts";

test.each<[string, Json]>([
  ["{}", {}],
  ["[]", []],
  [" {'a': 1, 'b': [True, False, None]} ", { a: 1, b: [true, false, null] }],
  [`["it's", 'say "no"', 'it\\'s', "\\"q\\""]`, ["it's", 'say "no"', "it's", '"q"']],
  ["['a\\n\\t\\r\\\\b', '\\x41', '\\u00e9', '\\U0001f600', '\\d']", ["a\n\t\r\\b", "A", "é", "😀", "\\d"]],
  ["[-1.5, 1e+16, 18446744073709551615, -9007199254740993]", [-1.5, 1e16, "18446744073709551615", "-9007199254740993"]],
  ["[1,]", [1]],
])("%s", (text, value) => {
  expect(readRepr(text)).toEqual(value);
});

test.each([
  "",
  "text",
  "'text'",
  "{'a'}",
  "{'a': }",
  "{1: 2}",
  "[1 2]",
  "[1, 2",
  "['a]",
  "['\\x4']",
  "['\\U00ffffff']",
  "[datetime.now()]",
  "[1] 2",
  `${"[".repeat(40)}${"]".repeat(40)}`,
  `['${"x".repeat(70_000)}']`,
])("what is no printed value is left as it is: %#", (text) => {
  expect(readRepr(text)).toBeUndefined();
});

test("hostile texts take no time", () => {
  const before = performance.now();
  for (const text of [
    `[${"'".repeat(65_000)}`,
    `['${"\\".repeat(65_000)}`,
    `[${" ".repeat(65_000)}`,
    `[${"1".repeat(65_000)}`,
  ])
    readRepr(text);
  expect(performance.now() - before).toBeLessThan(1000);
});
