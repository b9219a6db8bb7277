import {
  type Check,
  claimsOf,
  ingestChecks,
  policyChecks,
  referenceLake,
  type Report,
  type Rules,
  rules,
  runChecks,
  type ServerWorld,
  Wire,
} from "../src/index.ts";

const accountId = "111122223333";
const region = "us-east-1";
const now = Date.UTC(2026, 10, 29, 12);
const channelArn = `arn:aws:cloudtrail:${region}:${accountId}:channel/7d0f2c9a-4a50-4f6e-9f0e-2d9f5a3b1c11`;
const owner = { accountId, accessKeyId: "CONFORMANCEOWNER0001", secretAccessKey: "owner-secret" };
const other = { accountId: "444455556666", accessKeyId: "CONFORMANCEOTHER0001", secretAccessKey: "other-secret" };

/** The profiles that the reference lake has. */
export const referenceProfiles = { ingest: ingestChecks, policy: policyChecks } as const;
export type ReferenceProfile = keyof typeof referenceProfiles;

/**
 * A profile against the reference lake with these rules, strictly.
 * @param parts what ids of clauses begin with; all by default
 */
export function referenceReport(
  profile: ReferenceProfile,
  changed: Rules = rules,
  { seed = 1, parts = [""] }: { readonly seed?: number; readonly parts?: readonly string[] } = {},
): Promise<Report> {
  const exchange = referenceLake(
    { region, identities: [owner, other], channels: [{ arn: channelArn, accountId }], now: () => now },
    changed,
  );
  const subject = { endpoint: "http://reference.example", region, exchange, owner, other, now: () => now };
  const wire = new Wire(subject);
  const world: ServerWorld = {
    wire,
    channelArn,
    accountId,
    ownsStore: false,
    prefix: "conformance-reference",
  };
  const checks: readonly Check<ServerWorld>[] = referenceProfiles[profile];
  return runChecks({
    profile,
    checks: checks.filter(({ clause }) => parts.some((part) => clause.startsWith(part))),
    world,
    subject: "the reference lake",
    claimed: claimsOf(subject, true),
    seed,
    strict: true,
    exchanges: wire,
  });
}

/** The profile that a mutant is held against. */
export const profileOf = (kills: readonly string[]): ReferenceProfile =>
  kills.some((part) => part.startsWith("policy/")) ? "policy" : "ingest";
