import { conforms, type Report, totals } from "../core/report.ts";

/** An endpoint badge of shields.io: `{schemaVersion, label, message, color}`. */
export function badge(report: Report): string {
  const counts = totals(report);
  const isGood = conforms(report);
  const message = isGood
    ? `${counts.pass} clauses`
    : `${counts.fail + counts.error} of ${report.results.length} not met`;
  return `${JSON.stringify({ schemaVersion: 1, label: `conformance: ${report.profile}`, message, color: isGood ? "brightgreen" : "red" })}\n`;
}
