import { compact, isObject } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { stepsOf } from "./compilation.ts";
import type { Compilation } from "./compilation.ts";
import { compileExpression, compileText } from "./compile-expression.ts";
import type { DocumentPath } from "./document-path.ts";
import type { Members, Value } from "./mapping-schema.ts";
import type { Evaluate, Scope } from "./scope.ts";
import { isTemplate } from "./template.ts";

/** An object of the event, ready to run; undefined where the record has nothing for it. */
export type ReadMembers = (scope: Scope) => JsonObject | undefined;

/**
 * An object of the event: one of the record's, or its members one by one. A value that is no object stands in one under
 * the last name of its pointer. What is wrong with it is reported to the compilation.
 */
export function compileMembers(members: Members, path: DocumentPath, compilation: Compilation): ReadMembers {
  if (typeof members === "string") return compileOne(members, path, compilation);
  if (Array.isArray(members)) {
    const some = members.map((one, index) => compileOne(one, [...path, index], compilation));
    return (scope) => {
      for (const one of some) {
        const found = one(scope);
        if (found !== undefined) return found;
      }
      return undefined;
    };
  }
  return compileObject(members, path, compilation);
}

function compileOne(given: string, path: DocumentPath, compilation: Compilation): ReadMembers {
  const name = isTemplate(given) ? "value" : (stepsOf(given).at(-1) ?? "value");
  const { evaluate } = compileText(given, path, compilation, "steps");
  return (scope) => {
    // An empty one stays in the rest, under its own name.
    const value = evaluate(scope, (one) => (isEmpty(one) ? undefined : usable(one)));
    return value === undefined || isObject(value) ? value : Object.fromEntries([[name, value]]);
  };
}

function compileObject(
  values: Readonly<Record<string, Value>>,
  path: DocumentPath,
  compilation: Compilation,
): ReadMembers {
  const compiled = Object.entries(values).map(([name, value]): [string, (scope: Scope) => Json | undefined] => {
    if (typeof value === "object" && "object" in value)
      return [name, compileObject(value.object, [...path, name, "object"], compilation)];
    const { evaluate }: { evaluate: Evaluate } = compileExpression(value, [...path, name], compilation, "steps");
    return [name, (scope) => evaluate(scope, usable)];
  });
  return (scope) => compact(Object.fromEntries(compiled.map(([name, read]) => [name, read(scope)])));
}

/** Whatever says something: no null, no blank text. */
function usable(value: Json): Json | undefined {
  return value === null || (typeof value === "string" && value.trim() === "") ? undefined : value;
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
