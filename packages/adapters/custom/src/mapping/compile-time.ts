import { text } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readCefTime, readSimpleDate } from "@tributary/adapter-kit/readers";
import type { Compilation } from "./compilation.ts";
import { compileCondition } from "./compile-condition.ts";
import { compileExpression, compileText } from "./compile-expression.ts";
import type { DocumentPath } from "./document-path.ts";
import type { Expression, Time } from "./mapping-schema.ts";
import { readTime } from "./read-time.ts";
import type { Scope, Source } from "./scope.ts";

/** A time, and what of it is not the record's own but of its receipt. */
export interface FoundTime {
  readonly eventTime: string;
  readonly received: "nothing" | "the year" | "all";
}

/** A compiled time. */
export interface TimeSource {
  readonly evaluate: (scope: Scope) => FoundTime | undefined;
  /** The JSON pointers it reads, for the messages of refusals. */
  readonly pointers: readonly string[];
  /** What the texts at them should look like: formats, or nothing where any will do. */
  readonly formats: readonly string[];
}

/** A time of a mapping, ready to run. What is wrong with it is reported to the compilation. */
export function compileTime(time: Time, path: DocumentPath, compilation: Compilation): TimeSource {
  if (typeof time === "string")
    return read(compileText(time, path, compilation, "openSteps"), [], (value, _scope, near) =>
      readTime(value, undefined, { zone: compilation.zone, near }),
    );
  if (Array.isArray(time)) return firstTime(time.map((one, index) => compileTime(one, [...path, index], compilation)));
  if ("receivedAt" in time) return { pointers: [], formats: [], evaluate: ({ origin }) => receipt(origin.receivedAt) };
  if ("when" in time) {
    const holds = compileCondition(time.when, [...path, "when"], compilation);
    const chosen = compileTime(time.use, [...path, "use"], compilation);
    const otherwise = time.else === undefined ? firstTime([]) : compileTime(time.else, [...path, "else"], compilation);
    return {
      pointers: [...chosen.pointers, ...otherwise.pointers],
      formats: [...chosen.formats, ...otherwise.formats],
      evaluate: (scope) => (holds(scope.record) ? chosen : otherwise).evaluate(scope),
    };
  }
  const zone = time.zone ?? compilation.zone;
  if (time.zone !== undefined) checkZone(time.zone, [...path, "zone"], compilation);
  const source = compileExpression(time.from, [...path, "from"], compilation);
  if (time.pattern === undefined)
    return read(source, time.format === undefined ? [] : [time.format], (value, _scope, near) =>
      readTime(value, time.format, { zone, near }),
    );
  if (time.format !== undefined)
    compilation.report(path, "format and pattern stand side by side", "choose one of them");
  const pattern = compileExpression(time.pattern, [...path, "pattern"], compilation);
  checkPattern(time.pattern, [...path, "pattern"], compilation);
  return read(source, ["the pattern"], (value, scope, near) => {
    const written = text(value);
    if (written === undefined) return undefined;
    return pattern.evaluate(scope, (given) =>
      typeof given === "string" ? readSimpleDate(written, given, { zone, near }) : undefined,
    );
  });
}

/** Reports a constant pattern that no text fits. */
function checkPattern(pattern: Expression, path: DocumentPath, compilation: Compilation): void {
  if (typeof pattern === "string" || !("const" in pattern)) return;
  const written = String(pattern.const);
  const letters: readonly string[] = written.replaceAll(/'(?:[^']|'')*'/g, "").match(/[A-Za-z]/g) ?? [];
  const unknown = letters.find((letter) => !"yuMLdHkhKmsSaEzZX".includes(letter));
  if (unknown !== undefined)
    compilation.report(
      path,
      `The letter ${unknown} stands for nothing in a pattern`,
      "write y M d H m s S, h a, E, z Z X, and words of the text in '...'",
    );
  else if (!letters.includes("d") || !letters.some((letter) => letter === "M" || letter === "L"))
    compilation.report(
      path,
      "The pattern has no month or no day",
      "write at least M and d, for instance dd.MM.yyyy HH:mm",
    );
  else if (written.length > maxPattern)
    compilation.report(path, `The pattern is longer than ${maxPattern} characters`, "write a shorter one");
}

/** That of the reader. */
const maxPattern = 128;

/** Reports a zone that there is not. */
export function checkZone(zone: string, path: DocumentPath, compilation: Compilation): void {
  if (readCefTime("2026-01-31 12:00:00", { zone }) === undefined)
    compilation.report(
      path,
      `There is no zone ${zone}`,
      "write Z, an offset such as +02:00, or a name such as Europe/Berlin",
    );
}

function read(
  { evaluate, pointers }: Source,
  formats: readonly string[],
  readValue: (value: Json, scope: Scope, near?: string) => string | undefined,
): TimeSource {
  return {
    pointers,
    formats,
    // Not the text itself, so that the original stays in the rest, always.
    evaluate: (scope) =>
      evaluate(scope, (value): FoundTime | undefined => {
        const own = readValue(value, scope);
        if (own !== undefined) return { eventTime: own, received: "nothing" };
        const eventTime = readValue(value, scope, scope.origin.receivedAt);
        return eventTime === undefined ? undefined : { eventTime, received: "the year" };
      }),
  };
}

function receipt(receivedAt: string): FoundTime | undefined {
  const eventTime = readTime(receivedAt, "iso", {});
  return eventTime === undefined ? undefined : { eventTime, received: "all" };
}

function firstTime(times: readonly TimeSource[]): TimeSource {
  return {
    pointers: times.flatMap(({ pointers }) => pointers),
    formats: times.flatMap(({ formats }) => formats),
    evaluate: (scope) => {
      for (const time of times) {
        const found = time.evaluate(scope);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}
