import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packagePath = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const page = readFileSync(packagePath("../docs/faults.md"), "utf8");

/** Rows of the page's tables that name a test: the first cell, the file, and what stands in the test's name. */
const rows = [...page.matchAll(/^\| ([^|]+?) \|(?:.*\|)? `(test[^`]*\.ts)`: (.+?) \|$/gm)].map(
  ([, first, file, name]) => ({
    first: first!,
    file: file!,
    name: name!,
  }),
);

const numbersIn = (heading: string) => {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading))!;
  return new Set([...section.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number)));
};

test("each row names a test that is there", () => {
  expect(rows.length).toBe(page.split("\n").filter((line) => line.includes(".test.ts`")).length);
  const missing = rows.filter(
    ({ file, name }) => !existsSync(packagePath(file)) || !readFileSync(packagePath(file), "utf8").includes(name),
  );
  expect(missing).toEqual([]);
});

test("no fault that concerns the forwarder, and no defect of another shipper, is left out", () => {
  const ofTheLake = [25, 26, 27, 28];
  const faults = Array.from({ length: 30 }, (_, n) => n + 1).filter((number) => !ofTheLake.includes(number));
  expect([...numbersIn("Faults")]).toEqual(faults);
  expect([...numbersIn("Defects")]).toEqual(Array.from({ length: 17 }, (_, n) => n + 1));
});
