import { Kind, OptionalKind, type TSchema } from "@sinclair/typebox";
import { codePoints } from "./text-length.ts";
import { TributaryError } from "./tributary-error.ts";

/** A constraint of the model that a value breaks. */
export interface ShapeProblem {
  /** JSON pointer; empty for the whole. */
  readonly path: string;
  /** `type` is a matter of serialization (SerializationException), the others of validation. */
  readonly constraint: "type" | "required" | "length" | "range" | "pattern" | "enum";
  /** In the words of Smithy's protocol tests. */
  readonly message: string;
}

/** Adds what is wrong with a value; stops at `maxProblems`. */
type Check = (value: unknown, path: string, problems: ShapeProblem[]) => void;

/** More are not listed: the rest is known to be refused anyway. */
const maxProblems = 100;

/**
 * Holds a value against a shape. Answers every broken constraint, in the order of the shape's members, at most 100.
 * Unknown members are ignored, a member that is null is absent, lengths are code points, and elements of a list that is
 * too long are not looked at. The first call for a shape compiles it to closures (no eval); schemas must not change.
 * Throws `SHAPE_NOT_SUPPORTED` for kinds of TypeBox that no shape here uses.
 */
export function checkShape(schema: TSchema, value: unknown): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  compiled(schema)(value, "", problems);
  return problems;
}

/** One text for the answer: `2 validation errors detected. Value at '/Name' ...; Value with length ...`. */
export function shapeMessage(problems: readonly ShapeProblem[]): string {
  const count = problems.length === 1 ? "1 validation error" : `${problems.length} validation errors`;
  return `${count} detected. ${problems.map((problem) => problem.message).join("; ")}`;
}

const checks = new WeakMap<TSchema, Check>();

function compiled(schema: TSchema): Check {
  let check = checks.get(schema);
  if (!check) checks.set(schema, (check = compile(schema)));
  return check;
}

function compile(schema: TSchema): Check {
  switch (schema[Kind]) {
    case "Object":
      return objectCheck(schema);
    case "Array":
      return arrayCheck(schema);
    case "Record":
      return recordCheck(schema);
    case "String":
      return stringCheck(schema);
    case "Integer":
      return numberCheck(schema, "an integer", Number.isInteger);
    case "Number":
      return numberCheck(schema, "a number", Number.isFinite);
    case "Boolean":
      return (value, path, problems) => void (typeof value === "boolean" || wrong(problems, path, "a boolean"));
    case "Literal":
      return enumCheck([schema["const"]]);
    case "Union":
      return unionCheck(schema);
    case "Unknown":
      return () => undefined;
    default:
      throw new TributaryError(`checkShape does not know the kind ${schema[Kind]}: use the kinds of the shapes here.`, {
        code: "SHAPE_NOT_SUPPORTED",
      });
  }
}

function objectCheck(schema: TSchema): Check {
  const properties: Readonly<Record<string, TSchema>> = schema["properties"];
  const members = Object.entries(properties).map(([name, member]) => ({
    name,
    step: `/${name}`,
    optional: member[OptionalKind] === "Optional",
    check: compiled(member),
  }));
  return (value, path, problems) => {
    if (!isRecord(value)) return wrong(problems, path, "an object");
    for (const { name, step, optional, check } of members) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      if (member !== undefined && member !== null) check(member, path + step, problems);
      else if (!optional) missing(problems, path + step);
    }
  };
}

function arrayCheck(schema: TSchema): Check {
  const element = compiled(schema["items"]);
  const { minItems: min, maxItems: max } = schema;
  return (value, path, problems) => {
    if (!Array.isArray(value)) return wrong(problems, path, "a list");
    if (outside(value.length, min, max)) length(problems, path, value.length, min, max);
    if (max !== undefined && value.length > max) return;
    for (let at = 0; at < value.length && problems.length < maxProblems; at++) {
      const item: unknown = value[at];
      if (item === null) missing(problems, `${path}/${at}`);
      else element(item, `${path}/${at}`, problems);
    }
  };
}

function recordCheck(schema: TSchema): Check {
  const patterns: Readonly<Record<string, TSchema>> = schema["patternProperties"];
  const member = compiled(Object.values(patterns)[0]!);
  return (value, path, problems) => {
    if (!isRecord(value)) return wrong(problems, path, "an object");
    for (const key of Object.keys(value)) {
      if (problems.length >= maxProblems) return;
      const at = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      if (value[key] === null) missing(problems, at);
      else member(value[key], at, problems);
    }
  };
}

function stringCheck(schema: TSchema): Check {
  const { minLength: min, maxLength: max, pattern } = schema;
  const bounded = min !== undefined || max !== undefined;
  // From a schema of this package, never from input; every one is linear.
  const expression = pattern === undefined ? undefined : new RegExp(pattern, "u");
  return (value, path, problems) => {
    if (typeof value !== "string") return wrong(problems, path, "a string");
    // A code point has one or two units: most texts are within the limits by their units alone.
    if (bounded && outside(value.length, min === undefined ? min : 2 * min, max)) {
      const count = codePoints(value);
      if (outside(count, min, max)) length(problems, path, count, min, max);
      if (max !== undefined && count > max) return;
    }
    if (expression && !expression.test(value))
      add(
        problems,
        path,
        "pattern",
        `Value at '${path}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
      );
  };
}

function numberCheck(schema: TSchema, what: string, accepts: (value: unknown) => boolean): Check {
  const { minimum: min, maximum: max } = schema;
  const range = between(min, max, "Member must be");
  return (value, path, problems) => {
    if (typeof value !== "number" || !accepts(value)) return wrong(problems, path, what);
    if (outside(value, min, max))
      add(problems, path, "range", `Value at '${path}' failed to satisfy constraint: ${range}`);
  };
}

function unionCheck(schema: TSchema): Check {
  const branches: readonly TSchema[] = schema["anyOf"];
  if (branches.every((branch) => branch[Kind] === "Literal"))
    return enumCheck(branches.map((branch): unknown => branch["const"]));
  const options = branches.map(compiled);
  return (value, path, problems) => {
    const found = options.map((check) => {
      const own: ShapeProblem[] = [];
      check(value, path, own);
      return own;
    });
    if (found.some((own) => own.length === 0)) return;
    // The branch whose type fits says more than "none fits".
    const best = found.find((own) => !own.some((problem) => problem.constraint === "type" && problem.path === path));
    for (const problem of best ?? found[0]!) add(problems, problem.path, problem.constraint, problem.message);
  };
}

function enumCheck(values: readonly unknown[]): Check {
  const set = new Set(values);
  return (value, path, problems) => {
    if (typeof value !== "string") return wrong(problems, path, "a string");
    if (!set.has(value))
      add(
        problems,
        path,
        "enum",
        `Value at '${path}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(", ")}]`,
      );
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function outside(value: number, min: number | undefined, max: number | undefined): boolean {
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

function between(min: number | undefined, max: number | undefined, what: string): string {
  if (min === undefined) return `${what} less than or equal to ${max}`;
  if (max === undefined) return `${what} greater than or equal to ${min}`;
  return `${what} between ${min} and ${max}, inclusive`;
}

function length(problems: ShapeProblem[], path: string, count: number, min?: number, max?: number): void {
  const rule = between(min, max, "Member must have length");
  add(problems, path, "length", `Value with length ${count} at '${path}' failed to satisfy constraint: ${rule}`);
}

function missing(problems: ShapeProblem[], path: string): void {
  add(problems, path, "required", `Value at '${path}' failed to satisfy constraint: Member must not be null`);
}

function wrong(problems: ShapeProblem[], path: string, what: string): void {
  add(problems, path, "type", `Value at '${path}' must be ${what}`);
}

function add(problems: ShapeProblem[], path: string, constraint: ShapeProblem["constraint"], message: string): void {
  if (problems.length < maxProblems) problems.push({ path, constraint, message });
}
