import type { Catalog } from "../catalog/catalog.ts";
import type { KeptHead, StoreProof } from "../catalog/proof-catalog.ts";
import type { Report } from "./problem.ts";
import { Replay } from "./replay.ts";

const pageOfCommits = 1000;

/**
 * Reads a store's history from its beginning to the proof's version: the chain, the files it leaves, and the head that was kept
 * elsewhere, if one was. Commits are only ever added, so a running lake disturbs nothing.
 */
export async function verifyHistory(
  catalog: Pick<Catalog, "readCommits" | "storeHeads">,
  proof: StoreProof,
  kept: readonly KeptHead[],
  report: Report,
): Promise<void> {
  const { storeId, version: last } = proof;
  const replay = new Replay(proof, report);
  const unseen = new Map<number, KeptHead[]>();
  for (const head of newestOfEach(kept)) unseen.set(head.version, [...(unseen.get(head.version) ?? []), head]);
  /** When the newest head was kept that the history still bears out. */
  let since: number | undefined;
  let after = 0;
  for (;;) {
    const commits = await catalog.readCommits(storeId, after, pageOfCommits);
    for (const commit of commits) {
      for (const { chain, keptAt } of unseen.get(commit.version) ?? [])
        if (chain === commit.chain) since = keptAt ?? since;
        else
          report({
            kind: "history-rewritten",
            where: `commit ${commit.version} of store ${storeId}`,
            what: `its chain is ${commit.chain}, and was ${chain} when the head was kept${at(keptAt)}`,
            since,
          });
      unseen.delete(commit.version);
      if (commit.version <= last) replay.add(commit);
      after = commit.version;
    }
    if (commits.length < pageOfCommits) break;
  }
  replay.end();
  if (after > last) {
    // A running lake moves the head with each commit.
    const head = (await catalog.storeHeads()).find((one) => one.storeId === storeId);
    if (head === undefined || head.version < after)
      report({
        kind: "head-differs",
        where: `the head of store ${storeId}`,
        what: `it is at version ${head?.version ?? 0}, and there is a commit ${after}`,
      });
  }
  // Each head was the end of a whole history when it was kept.
  for (const [version, heads] of unseen) {
    const times = heads.flatMap(({ keptAt }) => keptAt ?? []);
    const newest = times.length === 0 ? undefined : Math.max(...times);
    report({
      kind: "history-cut",
      where: `store ${storeId}`,
      what: `its history ends at version ${last}, and a head of version ${version} was kept${at(newest)}`,
      since: newest,
    });
  }
}

function at(keptAt: number | undefined): string {
  return keptAt === undefined ? "" : `, at ${new Date(keptAt).toISOString()}`;
}

/** Heads with a history, each once, however often it was kept. */
function newestOfEach(kept: readonly KeptHead[]): readonly KeptHead[] {
  const heads = new Map<string, KeptHead>();
  for (const head of kept) {
    const key = `${head.version} ${head.chain}`;
    const { keptAt } = heads.get(key) ?? {};
    if (head.version > 0 && (head.keptAt ?? 0) >= (keptAt ?? 0)) heads.set(key, head);
  }
  return [...heads.values()];
}
