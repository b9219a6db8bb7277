/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Every module of the source that an entry reaches, with what each imports. */
function reached(entry: URL, found = new Map<string, readonly string[]>()): ReadonlyMap<string, readonly string[]> {
  if (found.has(entry.href)) return found;
  const specifiers = [...readFileSync(entry, "utf8").matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map(
    ([, specifier]) => specifier as string,
  );
  found.set(entry.href, specifiers);
  for (const specifier of specifiers) if (specifier.startsWith(".")) reached(new URL(specifier, entry), found);
  return found;
}

test("no module behind the main entry imports from Node or uses its globals", () => {
  const modules = reached(new URL("../src/index.ts", import.meta.url));
  expect(modules.size).toBeGreaterThan(20);
  for (const [href, specifiers] of modules) {
    expect(specifiers.filter((specifier) => specifier.startsWith("node:"))).toEqual([]);
    expect(readFileSync(new URL(href), "utf8")).not.toMatch(/\b(?:Buffer|process)\.|\beval\(|new Function/);
  }
});
