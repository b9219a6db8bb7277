import { conforms, type Report, type Result, type Status, totals } from "../core/report.ts";

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
  const { clause, status, note, expected, got, found, evidence } = result;
  const [mark, code] = marks[status];
  const paint = (text: string, with_: number) => (colour ? `\u001B[${with_}m${text}\u001B[0m` : text);
  const lines = [`${paint(mark, code)} ${clause.id}${note === undefined ? "" : paint(`  ${note}`, 90)}`];
  if (expected === undefined && status !== "error") return lines[0]!;
  lines.push(`    ${clause.level}: ${clause.requirement} (${clause.source})`);
  if (expected !== undefined) lines.push(`    expected  ${expected}`, `    got       ${got}`);
  if (found !== undefined) {
    lines.push(`    smallest  ${found.counterexample}`);
    lines.push(`    again     ${command} --grep ${clause.id} --seed ${found.seed} --path ${found.path}`);
  }
  if (evidence !== undefined) {
    lines.push("    request", indented(evidence.curl));
    if (evidence.awsCli !== undefined) lines.push("    or", indented(evidence.awsCli));
    lines.push("    answer", indented(evidence.answer));
  }
  return lines.join("\n");
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
    `${report.subject} ${verdict}: ${parts.map(([status, count]) => `${count} ${status}`).join(", ")}`,
    `${report.suite} ${report.version}, specification of ${report.specification}, seed ${report.seed}${report.strict ? ", strict" : ""}`,
  ].join("\n");
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
