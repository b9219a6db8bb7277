import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes, foundIn } from "./error-codes.ts";
import { root } from "./workspace.ts";

const codes = errorCodes();
const text = readFileSync(join(root, "apps/docs/errors.md"), "utf8");
const headings = [...text.matchAll(/^#{2,4} `([A-Z][A-Z0-9_]*)`$/gm)].map((match) => match[1]!);

test("the search finds codes wherever they stand", () => {
  const found = foundIn(
    "example.ts",
    `class A { static readonly code = "ONE_A"; }
     const refuse = (path: string, code: string) => ({ code });
     throw new Error("x", { code: late ? "TWO_B" : "THREE_C" });
     refuse("", "FOUR_D");
     const kinds = { FIVE_E: 1 };
     throw new Refused(code, "why");
     class Late extends Error { constructor(message: string, code: string) { super(message); } }`,
  );
  expect(found.classes).toEqual([["Late", 1]]);
  expect(found.codes).toEqual(["ONE_A", "TWO_B", "THREE_C"]);
  expect(found.takers).toEqual([["refuse", 1]]);
  expect(found.calls.find(({ name }) => name === "refuse")?.literals).toEqual(["", "FOUR_D"]);
  expect(found.calls.find(({ name }) => name === "Refused")?.first).toBe("code");
  expect(found.keys).toEqual(["FIVE_E"]);
});

test("every code of the source has a heading in apps/docs/errors.md", () => {
  expect(codes.size).toBeGreaterThan(50);
  expect([...codes].filter(([code]) => !headings.includes(code))).toEqual([]);
});

test("every heading is a code of the source, once", () => {
  expect(headings.filter((code) => !codes.has(code))).toEqual([]);
  expect(headings.filter((code, index) => headings.indexOf(code) !== index)).toEqual([]);
});

test("every code says whether it is retryable", () => {
  const sections = text.split(/^#{2,4} (?=`)/m).slice(1);
  expect(
    sections.filter((section) => !/\bRetryable: (yes|no)\b/.test(section)).map((section) => section.split("\n")[0]),
  ).toEqual([]);
});
