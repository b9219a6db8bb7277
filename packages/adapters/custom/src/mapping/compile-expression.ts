import { text, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import type { Compilation } from "./compilation.ts";
import { compileCondition } from "./compile-condition.ts";
import type { DocumentPath } from "./document-path.ts";
import { find } from "./find.ts";
import type { Expression } from "./mapping-schema.ts";
import type { Scope, Source, Use } from "./scope.ts";
import { isTemplate, parseTemplate } from "./template.ts";

/** A text that is made of a record and is longer than this counts as absent; it would be cut anyway. */
const maxTextLength = 1_000_000;

/** How the steps of a pointer are read: `openSteps` where the value itself must be seen, `steps` where `***` will do. */
export type Steps = "openSteps" | "steps";

/** An expression of a mapping, ready to run. What is wrong with it is reported to the compilation. */
export function compileExpression(
  expression: Expression,
  path: DocumentPath,
  compilation: Compilation,
  steps: Steps = "openSteps",
): Source {
  const inner = (one: Expression, ...below: DocumentPath) =>
    compileExpression(one, [...path, ...below], compilation, steps);
  if (typeof expression === "string") return compileText(expression, path, compilation, steps);
  if (Array.isArray(expression)) return firstOf(expression.map((one, index) => inner(one, index)));
  if ("const" in expression) return constant(expression.const);
  if ("map" in expression) {
    const { map, default: otherwise } = expression;
    const looked = onText(inner(expression.from, "from"), (value) =>
      Object.hasOwn(map, value) ? map[value] : undefined,
    );
    return otherwise === undefined ? looked : firstOf([looked, inner(otherwise, "default")]);
  }
  if ("lower" in expression) return onText(inner(expression.lower, "lower"), (value) => value.toLowerCase());
  if ("upper" in expression) return onText(inner(expression.upper, "upper"), (value) => value.toUpperCase());
  if ("trim" in expression) return onText(inner(expression.trim, "trim"), (value) => value.trim());
  if ("cut" in expression) {
    const { after, afterLast, before } = expression;
    if (after !== undefined && afterLast !== undefined)
      compilation.report(path, "after and afterLast stand side by side", "choose one of them");
    if (after === undefined && afterLast === undefined && before === undefined)
      compilation.report(path, "Nothing says what to cut", "add after, afterLast or before");
    return onText(inner(expression.cut, "cut"), (value) => partOf(value, after, afterLast, before));
  }
  if ("replace" in expression) {
    const { each, with: by } = expression;
    const growth = Math.max(1, by.length / each.length);
    return onText(inner(expression.replace, "replace"), (value) =>
      value.length * growth > maxTextLength ? undefined : value.split(each).join(by),
    );
  }
  const holds = compileCondition(expression.when, [...path, "when"], compilation);
  const chosen = inner(expression.use, "use");
  const otherwise = expression.else === undefined ? firstOf([]) : inner(expression.else, "else");
  return {
    pointers: [...chosen.pointers, ...otherwise.pointers],
    evaluate: (scope, use) => (holds(scope.record) ? chosen : otherwise).evaluate(scope, use),
  };
}

/** A pointer or a template. */
export function compileText(given: string, path: DocumentPath, compilation: Compilation, steps: Steps): Source {
  if (!isTemplate(given)) return reading(compilation[steps](given, path), given);
  const template = parseTemplate(given);
  if (typeof template === "string") {
    compilation.report(path, template, 'write a template as "{/a}:{/b}", and {{ or }} for a brace itself');
    return firstOf([]);
  }
  const parts = template.map((part) => ("text" in part ? part.text : compilation.openSteps(part.pointer, path)));
  const filled = (scope: Scope): string | undefined => {
    let whole = "";
    for (const part of parts) {
      const piece = typeof part === "string" ? part : find(scope.record, part, text);
      if (piece === undefined) return undefined;
      if (whole.length + piece.length > maxTextLength) return undefined;
      whole += piece;
    }
    return whole;
  };
  return {
    pointers: template.flatMap((part) => ("pointer" in part ? [part.pointer] : [])),
    evaluate: (scope, use) => {
      const value = filled(scope);
      return value === undefined ? undefined : use(value);
    },
  };
}

/** The first source of which something can be used. */
export function firstOf(sources: readonly Source[]): Source {
  return {
    pointers: sources.flatMap(({ pointers }) => pointers),
    evaluate: (scope, use) => {
      for (const source of sources) {
        const found = source.evaluate(scope, use);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** The same in every event. */
export function constant(value: string | number | boolean): Source {
  return { pointers: [], evaluate: (_scope, use) => use(value) };
}

function reading(steps: readonly string[], pointer: string): Source {
  if (!steps.includes("*"))
    return { pointers: [pointer], evaluate: (scope, use) => used(scope, valueAt(scope.record, ...steps), steps, use) };
  return {
    pointers: [pointer],
    evaluate: (scope, use) => find(scope.record, steps, (value, path) => used(scope, value, path, use)),
  };
}

/** Only what reaches the event as it was is taken from the rest: a text that was changed stays there too. */
function used<Result>(
  { take }: Scope,
  value: Json | undefined,
  steps: readonly string[],
  use: Use<Result>,
): Result | undefined {
  if (value === undefined) return undefined;
  const found = use(value);
  const whole: unknown = found;
  if (whole !== undefined && (whole === value || (typeof value !== "object" && whole === String(value))))
    take.value(...steps);
  return found;
}

function onText({ evaluate, pointers }: Source, change: (value: string) => Json | undefined): Source {
  return {
    pointers,
    evaluate: (scope, use) =>
      evaluate(scope, (value) => {
        const given = text(value);
        const changed = given === undefined ? undefined : change(given);
        return changed === undefined ? undefined : use(changed);
      }),
  };
}

function partOf(value: string, after?: string, afterLast?: string, before?: string): string | undefined {
  const mark = after ?? afterLast;
  let begin = 0;
  if (mark !== undefined) {
    const at = after === undefined ? value.lastIndexOf(mark) : value.indexOf(mark);
    if (at < 0) return undefined;
    begin = at + mark.length;
  }
  if (before === undefined) return value.slice(begin);
  const end = value.indexOf(before, begin);
  return end < 0 ? undefined : value.slice(begin, end);
}
