import { type Report, totals } from "../core/report.ts";

/** JUnit's XML: a suite per profile, a case per clause. Known failures and warnings are passes with a note. */
export function junitReport(report: Report): string {
  const counts = totals(report);
  const cases = report.results.map(({ clause, status, note, expected, got, evidence }) => {
    const why = [expected === undefined ? note : `expected ${expected}; got ${got}`, evidence?.curl, evidence?.answer]
      .filter((one) => one !== undefined)
      .join("\n\n");
    const open = `    <testcase classname="${xml(report.profile)}" name="${xml(clause.id)}"`;
    if (status === "fail")
      return `${open}><failure message="${xml(clause.requirement)}">${xml(why)}</failure></testcase>`;
    if (status === "error") return `${open}><error message="${xml(note ?? "")}">${xml(why)}</error></testcase>`;
    if (status === "skip") return `${open}><skipped message="${xml(note ?? "")}"/></testcase>`;
    return why === "" ? `${open}/>` : `${open}><system-out>${xml(`${status}: ${why}`)}</system-out></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(report.suite)} ${xml(report.version)}">`,
    `  <testsuite name="${xml(report.profile)}" tests="${report.results.length}" failures="${counts.fail}" errors="${counts.error}" skipped="${counts.skip}">`,
    `    <properties><property name="seed" value="${report.seed}"/><property name="subject" value="${xml(report.subject)}"/><property name="specification" value="${xml(report.specification)}"/></properties>`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** Characters that XML does not have become U+FFFD. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
