import { text, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import type { Compilation } from "./compilation.ts";
import type { DocumentPath } from "./document-path.ts";
import { find } from "./find.ts";
import type { Condition, Test } from "./mapping-schema.ts";

/** Whether a condition holds for a record. Never throws. */
export type Holds = (record: Json) => boolean;

/** A `when`: an object whose tests must all hold, or a list of such objects of which one must. */
export function compileCondition(condition: Condition, path: DocumentPath, compilation: Compilation): Holds {
  if (!Array.isArray(condition)) return compileAll(condition, path, compilation);
  const some = condition.map((one, index) => compileAll(one, [...path, index], compilation));
  return (record) => some.some((holds) => holds(record));
}

type AllOf = Readonly<Record<string, Test>>;

function compileAll(all: AllOf, path: DocumentPath, compilation: Compilation): Holds {
  const tests = Object.entries(all).map(([pointer, test]) => {
    const place = [...path, pointer];
    const exists = typeof test === "object" && "exists" in test;
    const steps = exists ? compilation.steps(pointer, place) : compilation.openSteps(pointer, place);
    const holds = compileTest(test, place, compilation);
    if (!steps.includes("*")) return (record: Json) => holds(valueAt(record, ...steps));
    // Of any of them: one must hold, and nothing is there only where none is.
    const isAny = (record: Json) => find(record, steps, (value) => holds(value) || undefined) === true;
    if (typeof test !== "object" || !("exists" in test) || test.exists) return isAny;
    return (record: Json) => find(record, steps, (value) => isThere(value) || undefined) === undefined;
  });
  return (record) => tests.every((holds) => holds(record));
}

function compileTest(test: Test, path: DocumentPath, compilation: Compilation): (value: Json | undefined) => boolean {
  if (typeof test !== "object") return among([test], false);
  if ("equals" in test) return among([test.equals], test.ignoreCase === true);
  if ("in" in test) return among(test.in, test.ignoreCase === true);
  if ("exists" in test) return (value) => isThere(value) === test.exists;
  const { min, max = Number.POSITIVE_INFINITY } = test;
  if (min > max) compilation.report(path, `No number is from ${min} to ${max}`, "let max be greater than min");
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && number >= min && number <= max;
  };
}

/** Whether a value is one of some, numbers and booleans as text. */
function among(
  values: readonly (string | number | boolean)[],
  ignoreCase: boolean,
): (value: Json | undefined) => boolean {
  const spelt = (value: string | number | boolean) => (ignoreCase ? String(value).toLowerCase() : String(value));
  const known = new Set(values.map(spelt));
  return (value) => value !== undefined && typeof value !== "object" && known.has(spelt(value));
}

/** Blank texts and null say nothing. */
function isThere(value: Json | undefined): boolean {
  return typeof value === "object" ? value !== null : text(value) !== undefined;
}

function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d{1,30}(?:\.\d{1,30})?$/.test(value) ? Number(value) : undefined;
}
