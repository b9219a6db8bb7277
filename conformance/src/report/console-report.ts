import type { Clause } from "../core/clause.ts";
import { conforms, type PlayedStep, type Report, type Result, type Status, totals } from "../core/report.ts";

const marks: Readonly<Record<Status, readonly [mark: string, colour: number]>> = {
  pass: ["✓", 32],
  fail: ["✗", 31],
  warn: ["!", 33],
  skip: ["-", 90],
  error: ["E", 35],
  known: ["~", 33],
};

/** One line for a result; of what is not met also what was expected, what came, and how to see it again. */
export function resultLines(
  result: Result,
  { colour, command }: { readonly colour: boolean; readonly command: string },
): string {
  const { clause, status, note, expected } = result;
  const [mark, code] = marks[status];
  const paint = (text: string, with_: number) => (colour ? `\u001B[${with_}m${text}\u001B[0m` : text);
  const first = `${paint(mark, code)} ${clause.id}${note === undefined ? "" : paint(`  ${note}`, 90)}`;
  if (expected === undefined && status !== "error") return first;
  return [first, `    ${clauseLine(clause)}`, ...detailLines(result, command).map((line) => `    ${line}`)].join("\n");
}

export const clauseLine = ({ level, requirement, source }: Clause): string => `${level}: ${requirement} (${source})`;

/** What was expected, what came, and how to see it again. @param command that repeats the run */
export function detailLines(
  { clause, expected, got, found, steps, evidence }: Result,
  command: string,
): readonly string[] {
  return [
    ...(expected === undefined ? [] : [...aligned("expected", expected), ...aligned("got", got ?? "")]),
    ...(found === undefined
      ? expected === undefined
        ? []
        : [`again     ${command} --grep ${clause.id}`]
      : [
          `smallest  ${found.counterexample}`,
          `again     ${command} --grep ${clause.id} --seed ${found.seed} --path ${found.path}`,
        ]),
    ...(steps === undefined ? [] : ["steps", ...steps.flatMap(stepLines)]),
    ...(evidence === undefined || steps !== undefined
      ? []
      : [
          "request",
          ...indented(evidence.curl),
          ...(evidence.awsCli === undefined ? [] : ["or", ...indented(evidence.awsCli)]),
          "answer",
          ...indented(evidence.answer),
        ]),
  ];
}

/** The last lines of a run. */
export function summaryLines(report: Report): string {
  const counts = totals(report);
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  const verdict = conforms(report)
    ? `conforms to the profile ${report.profile}`
    : `does not conform to the profile ${report.profile}`;
  return [
    "",
    ...unsupportedLines(report),
    `${report.subject} ${verdict}: ${parts.map(([status, count]) => `${count} ${status}`).join(", ")}`,
    `${report.suite} ${report.version}, specification of ${report.specification}, seed ${report.seed}${report.strict ? ", strict" : ""}`,
  ].join("\n");
}

/** A word and a text of one line or more beside it. */
const aligned = (word: string, text: string): readonly string[] =>
  text.split("\n").map((line, index) => `${(index === 0 ? word : "").padEnd(10)}${line}`);

function stepLines({ text, answered, evidence }: PlayedStep, index: number): readonly string[] {
  const curl = evidence === undefined ? [] : evidence.curl.split("\n");
  return [`  ${index + 1}. ${text}${answered === "" ? "" : `: ${answered}`}`, ...curl.map((line) => `       ${line}`)];
}

const indented = (text: string): readonly string[] => text.split("\n").map((line) => `  ${line}`);

/** What the subject does not have; nothing where something could be checked. */
export function unsupportedLines({ unsupported = [] }: Report): readonly string[] {
  return unsupported.length === 0 ? [] : [`Nothing could be checked. Not supported: ${unsupported.join(", ")}.`, ""];
}
