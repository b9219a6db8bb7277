import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wildcardMatches } from "../src/index.ts";

/** The definition, as a table over (pattern, text): slow, and without a way to go wrong. */
function reference(pattern: string, text: string): boolean {
  const p = Array.from(pattern);
  const t = Array.from(text);
  let row = [true, ...t.map(() => false)];
  for (const symbol of p) {
    const next = [symbol === "*" && row[0]!];
    for (let i = 1; i <= t.length; i++)
      next.push(symbol === "*" ? row[i]! || next[i - 1]! : row[i - 1]! && (symbol === "?" || symbol === t[i - 1]));
    row = next;
  }
  return row[t.length]!;
}

const letters = (...units: string[]) =>
  fc.array(fc.constantFrom(...units), { maxLength: 14 }).map((list) => list.join(""));

describe("wildcards", () => {
  test.each([
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["?", "", false],
    ["a*b*c", "aXXbYYc", true],
    ["a*b*c", "aXXbYY", false],
    ["*ab", "aab", true],
    ["A", "a", false],
    ["?", "😀", true],
    ["??", "😀", false],
    [".*", "ab", false],
    ["[ab]", "a", false],
  ])("%j on %j: %j", (pattern, text, expected) => expect(wildcardMatches(pattern, text)).toBe(expected));

  test("agree with the definition", () => {
    let matched = 0;
    fc.assert(
      fc.property(letters("a", "b", "*", "?", "😀"), letters("a", "b", "😀"), (pattern, text) => {
        const expected = reference(pattern, text);
        if (expected) matched++;
        expect(wildcardMatches(pattern, text)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    expect(matched).toBeGreaterThan(50);
  });

  test("a text always matches itself with parts replaced by stars", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(), fc.nat(), (text, a, b) => {
        const units = Array.from(text);
        const from = a % (units.length + 1);
        const to = from + (b % (units.length + 1 - from));
        const pattern = [...units.slice(0, from), "*", ...units.slice(to)].join("");
        expect(wildcardMatches(pattern, text)).toBe(true);
      }),
    );
  });

  test.each([
    ["stars between letters", "*a".repeat(4000) + "*b", "a".repeat(2048)],
    ["a long run before a miss", `*${"a".repeat(1000)}b`, "a".repeat(2048)],
    ["question marks after stars", "*?a".repeat(2700) + "b", "a".repeat(2048)],
    ["stars alone", "*".repeat(8000), "a".repeat(2048)],
  ])("hostile pattern, %s: under 100 ms of a processor", (_, pattern, text) => {
    const start = process.cpuUsage();
    wildcardMatches(pattern, text);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(100);
  });
});
