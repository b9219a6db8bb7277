import type { Checkpoint } from "../catalog/publication-catalog.ts";
import { measure } from "../compactor/measure.ts";
import { messageOf } from "../message-of.ts";
import { checkpointPath } from "../publish/log-paths.ts";
import { type CheckpointClaim, ClaimedTable, claimOf } from "./checkpoint-claims.ts";
import { type ReadCheckpoint, withCheckpointReader } from "./checkpoint-reader.ts";
import { commitOf } from "./commit-of.ts";
import { type DeltaLogPorts, isOwed } from "./is-owed.ts";
import type { Report } from "./problem.ts";
import { isMissing, isNoFile } from "./verify-objects.ts";

const pageOfCommits = 1000;

/** Holds a store's checkpoints against their hashes, and then what they say against the table that the store's commits make. */
export async function verifyCheckpoints(
  ports: DeltaLogPorts,
  storeId: string,
  /** Versions of those that are there. */
  there: ReadonlySet<number>,
  report: Report,
): Promise<void> {
  const { cleaned, checkpoints, retired } = await ports.catalog.publicationProof(storeId);
  if (retired) return;
  const known = new Map(checkpoints.map((checkpoint) => [checkpoint.version, checkpoint]));
  for (const version of there)
    if (!known.has(version) && !(await isExpected(ports, storeId, version)))
      report({
        kind: "object-extra",
        where: checkpointPath(storeId, version),
        what: "a checkpoint that the lake did not publish",
      });
  const published = checkpoints.filter(({ version }) => version >= cleaned);
  if (published.length === 0) return;
  const claims: CheckpointClaim[] = [];
  await withCheckpointReader(async (readRows) => {
    for (const checkpoint of published) {
      const claim = await claimed(ports, storeId, checkpoint, readRows, report);
      if (claim !== undefined) claims.push(claim);
    }
  });
  await holdAgainstCommits(ports, storeId, claims, report);
}

/** Whether a checkpoint without a record may be there: it is being written, was recorded since, or is about to be deleted. */
async function isExpected({ catalog }: DeltaLogPorts, storeId: string, version: number): Promise<boolean> {
  const { cleaned, checkpoints, attempts } = await catalog.publicationProof(storeId);
  return (
    version < cleaned ||
    checkpoints.some((checkpoint) => checkpoint.version === version) ||
    attempts.some(({ first, last }) => first <= version && version <= last)
  );
}

/** Reads a checkpoint whose bytes are those that were published. */
async function claimed(
  ports: DeltaLogPorts,
  storeId: string,
  { version, bytes, sha256, actions, addFiles }: Checkpoint,
  readRows: ReadCheckpoint,
  report: Report,
): Promise<CheckpointClaim | undefined> {
  const where = checkpointPath(storeId, version);
  // It was written no earlier than that.
  const since = (await commitOf(ports.catalog, storeId, version))?.createdAt;
  const differs = (what: string): undefined => {
    report({ kind: "checkpoint-differs", where, what, since });
  };
  try {
    const file = await ports.objects.stage(where);
    const found = await measure(file);
    if (found.sha256 !== sha256 || found.bytes !== bytes)
      return differs(
        `it has ${found.bytes} bytes of SHA-256 ${found.sha256}; ${bytes} bytes of ${sha256} were published`,
      );
    const rows = await readRows(file);
    const claim = claimOf(storeId, version, rows);
    if (typeof claim === "string") return differs(claim);
    if (rows.length === actions && claim.files === addFiles) return claim;
    return differs(
      `it has ${rows.length} actions and ${claim.files} files; the catalog says ${actions} and ${addFiles}`,
    );
  } catch (error) {
    if (isNoFile(error)) differs(messageOf(error));
    else if (!isMissing(error)) report({ kind: "object-unreadable", where, what: messageOf(error) });
    else if (await isOwed(ports, storeId, where, version))
      report({ kind: "delta-log-missing", where, what: "a checkpoint that was published", since });
    return undefined;
  }
}

async function holdAgainstCommits(
  { catalog }: DeltaLogPorts,
  storeId: string,
  claims: readonly CheckpointClaim[],
  report: Report,
): Promise<void> {
  if (claims.length === 0) return;
  const differs = (version: number, what: string): void =>
    report({ kind: "checkpoint-differs", where: checkpointPath(storeId, version), what });
  const last = Math.max(...claims.map(({ version }) => version));
  const table = new ClaimedTable(storeId, claims, differs);
  let after = 0;
  while (after < last) {
    const commits = await catalog.readCommits(storeId, after, pageOfCommits);
    for (const commit of commits) {
      if (commit.version > last) break;
      try {
        table.add(commit);
      } catch {
        return; // a commit that cannot be read, which the history's proof names
      }
    }
    const next = commits.at(-1)?.version;
    if (next === undefined) break;
    after = next;
  }
  for (const version of table.unmet) differs(version, "the store has no such version");
}
