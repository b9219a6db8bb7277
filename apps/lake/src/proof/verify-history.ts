import type { Catalog } from "../catalog/catalog.ts";
import type { StoreHead, StoreProof } from "../catalog/proof-catalog.ts";
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
  kept: readonly StoreHead[],
  report: Report,
): Promise<void> {
  const { storeId, version: last } = proof;
  const replay = new Replay(proof, report);
  const unseen = new Map<number, Set<string>>();
  for (const { version, chain } of kept)
    if (version > 0) unseen.set(version, (unseen.get(version) ?? new Set()).add(chain));
  let after = 0;
  for (;;) {
    const commits = await catalog.readCommits(storeId, after, pageOfCommits);
    for (const commit of commits) {
      for (const chain of unseen.get(commit.version) ?? [])
        if (chain !== commit.chain)
          report({
            kind: "history-rewritten",
            where: `commit ${commit.version} of store ${storeId}`,
            what: `its chain is ${commit.chain}, and was ${chain} when the head was kept`,
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
  for (const version of unseen.keys())
    report({
      kind: "history-cut",
      where: `store ${storeId}`,
      what: `its history ends at version ${last}, and a head of version ${version} was kept`,
    });
}
