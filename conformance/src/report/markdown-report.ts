import { unsupportedLines } from "./console-report.ts";
import { conforms, type Report, totals } from "../core/report.ts";

/** For a README: the verdict, the counts, and every clause that is not met. */
export function markdownReport(report: Report): string {
  const counts = totals(report);
  const rows = report.results.filter(({ status }) => status !== "pass");
  return [
    `## ${report.profile}: ${conforms(report) ? "conforms" : "does not conform"}`,
    "",
    `${report.subject}, ${report.suite} ${report.version}, specification of ${report.specification}, seed ${report.seed}.`,
    "",
    "| pass | fail | warn | known | skip | error |",
    "|---|---|---|---|---|---|",
    `| ${counts.pass} | ${counts.fail} | ${counts.warn} | ${counts.known} | ${counts.skip} | ${counts.error} |`,
    "",
    ...unsupportedLines(report),
    ...(rows.length === 0 || report.unsupported !== undefined
      ? []
      : [
          "| | clause | requirement | what came |",
          "|---|---|---|---|",
          ...rows.map(
            ({ clause, status, note, got }) =>
              `| ${status} | \`${clause.id}\` | ${cell(clause.requirement)} | ${cell(got ?? note ?? "")} |`,
          ),
          "",
        ]),
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").slice(0, 300);
}
