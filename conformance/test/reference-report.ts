import {
  channelsChecks,
  type Check,
  claimsOf,
  ingestChecks,
  openServerWorld,
  policyChecks,
  queryChecks,
  referenceLake,
  type Report,
  type Rules,
  rules,
  runChecks,
  sequenceChecks,
  type ServerWorld,
  type Exchange,
  Wire,
  type WireAnswer,
  type WireRequest,
} from "../src/index.ts";

const accountId = "111122223333";
const region = "us-east-1";
const now = Date.UTC(2026, 10, 29, 12);
const channelArn = `arn:aws:cloudtrail:${region}:${accountId}:channel/7d0f2c9a-4a50-4f6e-9f0e-2d9f5a3b1c11`;
const managementStoreArn = `arn:aws:cloudtrail:${region}:${accountId}:eventdatastore/6c3b1f0e-0000-4000-8000-00000000feed`;
const owner = { accountId, accessKeyId: "CONFORMANCEOWNER0001", secretAccessKey: "owner-secret" };
const other = { accountId: "444455556666", accessKeyId: "CONFORMANCEOTHER0001", secretAccessKey: "other-secret" };
const sessionOf = (account: string, name: string) => ({
  accountId: account,
  accessKeyId: `CONFORMANCESESSION${name === "night-shipper" ? "01" : "02"}`,
  secretAccessKey: `${name}-secret`,
  sessionToken: `${name}-token`,
  roleArn: `arn:aws:iam::${account}:role/${name}`,
  sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/tonight`,
});
const role = sessionOf(accountId, "night-shipper");
const otherRole = sessionOf(other.accountId, "shipper");

/** The profiles that the reference lake has. */
export const referenceProfiles = {
  ingest: ingestChecks,
  channels: channelsChecks,
  sequences: sequenceChecks,
  policy: policyChecks,
  query: queryChecks,
} as const;
export type ReferenceProfile = keyof typeof referenceProfiles;

/**
 * A profile against the reference lake with these rules, strictly.
 * @param parts what ids of clauses begin with; all by default
 */
export async function referenceReport(
  profile: ReferenceProfile,
  changed: Rules = rules,
  { seed = 1, path, parts = [""], watch }: ReportOptions = {},
): Promise<Report> {
  const identities = [owner, other, { ...role, hasNoPolicy: true }, otherRole];
  let passed = 0;
  const clock = () => now + passed;
  const setting = { region, identities, now: clock };
  const isControl = profile === "channels" || profile === "sequences";
  const exchange = referenceLake(
    isControl
      ? { ...setting, channels: [], managementStores: [{ arn: managementStoreArn, accountId }] }
      : { ...setting, channels: [{ arn: channelArn, accountId }] },
    changed,
  );
  const subject = {
    endpoint: "http://reference.example",
    region,
    exchange: watch === undefined ? exchange : watched(exchange, watch),
    owner,
    other,
    role,
    otherRole,
    now: clock,
    ...(profile === "sequences" && { advance: (ms: number) => void (passed += ms) }),
    pause: () => Promise.resolve(),
  };
  const wire = new Wire(subject);
  const world = isControl
    ? await openServerWorld(wire, { managementStoreArn, defaultRetention: true })
    : await openServerWorld(wire, { channelArn });
  const checks: readonly Check<ServerWorld>[] = referenceProfiles[profile];
  return runChecks({
    profile: profile === "sequences" ? "channels" : profile,
    checks: checks.filter(({ clause }) => parts.some((part) => clause.startsWith(part))),
    world,
    subject: "the reference lake",
    claimed: claimsOf(subject, true, ["own-store", "management-store", "queries", "quotas"]),
    seed,
    path,
    strict: true,
    exchanges: wire,
    ...(profile === "sequences" && { runs: 100 }),
  });
}

interface ReportOptions {
  readonly seed?: number;
  /** Of an earlier failure, with its seed and one part. */
  readonly path?: string | undefined;
  readonly parts?: readonly string[];
  /** Told of every request and its answer. */
  readonly watch?: Watch;
}
type Watch = (request: WireRequest, answer: WireAnswer) => void;

const watched =
  (exchange: Exchange, watch: Watch): Exchange =>
  async (request) => {
    const answer = await exchange(request);
    watch(request, answer);
    return answer;
  };

/** The profile that a mutant is held against. */
export const profileOf = (kills: readonly string[]): ReferenceProfile =>
  kills.some((part) => part.startsWith("channels/sequences/"))
    ? "sequences"
    : ((["policy", "channels", "query"] as const).find((profile) =>
        kills.some((part) => part.startsWith(`${profile}/`)),
      ) ?? "ingest");
