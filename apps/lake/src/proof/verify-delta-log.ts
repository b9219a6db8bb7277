import type { Catalog } from "../catalog/catalog.ts";
import type { PublicationProof } from "../catalog/publication-catalog.ts";
import type { StoreProof } from "../catalog/proof-catalog.ts";
import { messageOf } from "../message-of.ts";
import { deltaStart, deltaVersion } from "../publish/delta-version.ts";
import { checkpointPath, deltaPath, hintPath } from "../publish/log-paths.ts";
import { hintText } from "../publish/publish-store.ts";
import { commitOf } from "./commit-of.ts";
import { type DeltaLogPorts, isOwed } from "./is-owed.ts";
import type { Report } from "./problem.ts";
import { isMissing, isNoFile } from "./verify-objects.ts";
import { verifyCheckpoints } from "./verify-checkpoints.ts";

/** The folder of a store's published log. */
export function deltaLogPrefix(storeId: string): string {
  return `tables/${storeId}/_delta_log/`;
}

/**
 * Holds a store's published Delta log against its commits: each version against the rendering of its commit, each checkpoint against
 * its hash and against the table that the commits make, the hint against the checkpoints. Names what is missing and what is nobody's.
 * A publisher or a clean-up that works beside this is no finding: what looks wrong is looked at again in the state as it is then.
 */
export async function verifyDeltaLog(ports: DeltaLogPorts, { storeId }: StoreProof, report: Report): Promise<void> {
  const { catalog, objects } = ports;
  const versions = new Set<number>();
  const checkpoints = new Set<number>();
  let hinted = false;
  for await (const path of objects.list(deltaLogPrefix(storeId))) {
    const [, digits, kind] = /\/(\d{20})\.(json|checkpoint\.parquet)$/.exec(path) ?? [];
    const version = Number(digits);
    if (kind === "json" && path === deltaPath(storeId, version)) {
      versions.add(version);
      await verifyVersion(ports, storeId, version, report);
    } else if (kind !== undefined && path === checkpointPath(storeId, version)) checkpoints.add(version);
    else if (path === hintPath(storeId)) {
      hinted = true;
      await verifyHint(ports, storeId, report);
    } else report({ kind: "object-extra", where: path, what: "no part of a log that the lake publishes" });
  }
  const { published, cleaned, retired } = await catalog.publicationProof(storeId);
  if (!retired)
    for (let version = cleaned; version <= published; version++)
      if (!versions.has(version) && (await isOwed(ports, storeId, deltaPath(storeId, version), version)))
        report({
          kind: "delta-log-missing",
          where: deltaPath(storeId, version),
          what: "a version that was published",
          since: (await commitOf(catalog, storeId, version))?.createdAt,
        });
  if (!hinted) await verifyNoHint(ports, storeId, report);
  await verifyCheckpoints(ports, storeId, checkpoints, report);
}

async function verifyVersion(ports: DeltaLogPorts, storeId: string, version: number, report: Report): Promise<void> {
  const path = deltaPath(storeId, version);
  const found = await read(ports, path, report);
  if (found === undefined) return;
  const expected = await rendered(ports.catalog, storeId, version);
  const since = (await commitOf(ports.catalog, storeId, version))?.createdAt;
  if (expected === undefined)
    report({ kind: "delta-log-differs", where: path, what: "the store has no such version that can be read" });
  else if (!Buffer.from(found).equals(Buffer.from(expected, "utf8")))
    report({ kind: "delta-log-differs", where: path, what: "it is not the rendering of the store's commit", since });
}

/** There is a checkpoint, and nobody is about to name it. */
async function verifyNoHint({ catalog, objects }: DeltaLogPorts, storeId: string, report: Report): Promise<void> {
  const { cleaned, checkpoints, attempts, retired } = await catalog.publicationProof(storeId);
  const newest = checkpoints.at(-1);
  if (retired || newest === undefined || newest.version < cleaned || attempts.length > 0) return;
  const where = hintPath(storeId);
  // It was there before the tries were looked at, or it is gone.
  const there = await objects.stage(where).then(
    () => true,
    (error: unknown) => !isMissing(error) && !isNoFile(error),
  );
  if (!there) report({ kind: "hint-missing", where, what: `it names the checkpoint of version ${newest.version}` });
}

/** It may name any checkpoint that is there: readers go on from it. */
async function verifyHint(ports: DeltaLogPorts, storeId: string, report: Report): Promise<void> {
  const where = hintPath(storeId);
  const isRight = async (): Promise<boolean> => {
    const found = await read(ports, where, report);
    if (found === undefined) return true;
    const { cleaned, checkpoints }: PublicationProof = await ports.catalog.publicationProof(storeId);
    const text = Buffer.from(found).toString("utf8");
    return checkpoints.some((checkpoint) => checkpoint.version >= cleaned && hintText(checkpoint) === text);
  };
  // It may have been replaced, and the checkpoint that it named cleaned up, between the two looks.
  if ((await isRight()) || (await isRight())) return;
  report({ kind: "delta-log-differs", where, what: "it names no checkpoint that the lake has published" });
}

/** The bytes of an object; undefined when it was deleted since it was listed, or cannot be read, which is reported. */
async function read(
  { objects }: Pick<DeltaLogPorts, "objects">,
  path: string,
  report: Report,
): Promise<Uint8Array | undefined> {
  try {
    return await objects.get(path);
  } catch (error) {
    const kind = isNoFile(error) ? "delta-log-differs" : "object-unreadable";
    if (!isMissing(error)) report({ kind, where: path, what: messageOf(error) });
    return undefined;
  }
}

async function rendered(
  catalog: Pick<Catalog, "readCommits">,
  storeId: string,
  version: number,
): Promise<string | undefined> {
  if (version === 0) return deltaStart(storeId);
  const commit = await commitOf(catalog, storeId, version);
  if (commit === undefined) return undefined;
  try {
    return deltaVersion(storeId, commit);
  } catch {
    return undefined; // a commit that cannot be read, which the history's proof names
  }
}
