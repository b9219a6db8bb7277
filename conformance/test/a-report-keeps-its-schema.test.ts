import { Value } from "@sinclair/typebox/value";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { badge } from "../src/report/badge.ts";
import { resultLines, summaryLines } from "../src/report/console-report.ts";
import { junitReport } from "../src/report/junit-report.ts";
import { markdownReport } from "../src/report/markdown-report.ts";
import { conforms, reportSchema, rules } from "../src/index.ts";
import { referenceReport } from "./reference-report.ts";

/** Takes 101 entries, and answers no request id. */
const broken = () =>
  referenceReport(
    "ingest",
    {
      ...rules,
      request: { ...rules.request, maxEntries: 101 },
      answer: { ...rules.answer, requestId: () => undefined },
    },
    { seed: 7, parts: ["ingest/batch", "ingest/channel", "ingest/error"] },
  );

test("what --json prints keeps schemas/report.json, misses and their evidence too", async () => {
  const report: unknown = JSON.parse(JSON.stringify(await broken()));
  expect([...Value.Errors(reportSchema, report)]).toEqual([]);
  const file = new URL("../schemas/report.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(reportSchema)));
});

test("a miss says what to do again: the clause, what came, curl and the AWS CLI, and the answer", async () => {
  const report = await broken();
  const miss = report.results.find(({ clause }) => clause.id === "ingest/batch/101-entries-refused")!;
  const text = resultLines(miss, { colour: false, command: "tributary-conformance ingest" });
  for (const part of [
    "✗ ingest/batch/101-entries-refused",
    "MUST: ",
    "expected  ",
    "got       HTTP 200",
    "curl -i",
    "--aws-sigv4 aws:amz:us-east-1:cloudtrail-data",
    "HTTP 200",
  ])
    expect(text).toContain(part);
  expect(text).not.toContain("owner-secret");
  const id = report.results.find(({ clause }) => clause.id === "ingest/error/request-id-always")!;
  expect(resultLines(id, { colour: false, command: "x" })).toContain(
    "aws cloudtrail-data put-audit-events --endpoint-url",
  );
});

test("JUnit, Markdown, badge and summary tell the same verdict", async () => {
  const report = await broken();
  expect(conforms(report)).toBe(false);
  const failures = report.results.filter(({ status }) => status === "fail").length;
  expect(failures).toBeGreaterThan(1);
  expect(junitReport(report).match(/<failure /g)).toHaveLength(failures);
  expect(junitReport(report)).toContain(`failures="${failures}"`);
  expect(markdownReport(report)).toContain("## ingest: does not conform");
  expect(JSON.parse(badge(report))).toMatchObject({ schemaVersion: 1, color: "red" });
  expect(summaryLines(report)).toContain("does not conform to the profile ingest");
});

test("a request that no client would send is shown as it was sent, and one of another account says so", async () => {
  const { signature, policy } = rules;
  const changed = { ...rules, signature: { ...signature, checksSignature: false } };
  const report = await referenceReport("ingest", changed, { parts: ["ingest/signature/of-the-query"] });
  const text = resultLines(report.results[0]!, { colour: false, command: "x" });
  expect(text).toContain("for a request to which externalId=someone-else was added after it was signed");
  expect(text).toContain("# as it was sent: its signature is good for a few minutes only");
  expect(text).toMatch(/-H 'Authorization: AWS4-HMAC-SHA256 .*Signature=[0-9a-f]{64}'/);
  expect(text).not.toContain("--aws-sigv4");
  expect(text).not.toContain("aws cloudtrail-data");
  const open = { ...rules, policy: { ...policy, decide: () => ({ allowed: true }) as const } };
  const lax = await referenceReport("policy", open, {
    parts: ["policy/decision/external-id-missing", "policy/role/other"],
  });
  const [stranger, session] = lax.results.map((one) => resultLines(one, { colour: false, command: "x" }));
  expect(stranger).toContain('while the channel\'s policy is {"Version":"2012-10-17",');
  expect(stranger).toContain("# with the credentials of --other-account\n");
  expect(stranger).toContain("/PutAuditEvents?channelArn=");
  expect(session).toContain("# with the credentials of --other-role\n");
  expect(session).toContain("X-Amz-Security-Token: $AWS_SESSION_TOKEN");
  expect(`${stranger}${session}`).not.toContain("-token");
});
