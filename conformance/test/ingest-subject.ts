import {
  type Rules,
  rules,
  type Report,
  claimsOf,
  ingestChecks,
  referenceLake,
  runChecks,
  Wire,
} from "../src/index.ts";

const accountId = "111122223333";
const region = "us-east-1";
const now = Date.UTC(2026, 10, 29, 12);
export const channelArn = `arn:aws:cloudtrail:${region}:${accountId}:channel/7d0f2c9a-4a50-4f6e-9f0e-2d9f5a3b1c11`;
const owner = { accountId, accessKeyId: "CONFORMANCEOWNER0001", secretAccessKey: "owner-secret" };

/** The profile `ingest` against the reference lake with these rules. @param parts what ids of clauses begin with; all by default */
export function ingestReport(changed: Rules = rules, seed = 1, parts: readonly string[] = [""]): Promise<Report> {
  const exchange = referenceLake(
    { region, identities: [owner], channels: [{ arn: channelArn, accountId }], now: () => now },
    changed,
  );
  const subject = { endpoint: "http://reference.example", region, exchange, owner, now: () => now };
  const wire = new Wire(subject);
  return runChecks({
    profile: "ingest",
    checks: ingestChecks.filter(({ clause }) => parts.some((part) => clause.startsWith(part))),
    world: { wire, channelArn, accountId },
    subject: "the reference lake",
    claimed: claimsOf(subject, false),
    seed,
    strict: true,
    evidence: () => wire.evidence,
    forget: () => wire.forget(),
  });
}
