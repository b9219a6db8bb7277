import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("no reader imports from Node or uses its globals", () => {
  const folder = new URL("../src/readers/", import.meta.url);
  const files = [
    ...readdirSync(folder).map((file) => new URL(file, folder)),
    new URL("../src/frames/syslog-framer.ts", import.meta.url),
  ];
  expect(files.length).toBeGreaterThan(10);
  for (const file of files)
    expect(readFileSync(file, "utf8")).not.toMatch(/"node:|\b(?:Buffer|process)\.|\beval\(|new Function/);
});
