import { createHash } from "node:crypto";
import type { FileHistory, StoreProof } from "../catalog/proof-catalog.ts";
import type { CommitRecord, FileRecord, StoreCommit } from "../catalog/store-catalog.ts";
import { messageOf } from "../message-of.ts";
import type { Report } from "./problem.ts";

interface Actions {
  readonly storeId: string;
  readonly version: number;
  readonly kind: StoreCommit["kind"];
  readonly createdAt: number;
  readonly add: readonly FileRecord[];
  readonly remove: readonly { readonly path: string; readonly sha256: string; readonly rows: number }[];
}

const fields = [
  "path",
  "storeId",
  "eventDay",
  "rows",
  "bytes",
  "sha256",
  "minEventId",
  "maxEventId",
  "minEventTime",
  "maxEventTime",
  "addedVersion",
  "removedVersion",
  "removedAt",
] as const satisfies readonly (keyof FileHistory)[];

/**
 * A store's commits, one after the other, against the catalog's own account of its files: the chain is computed again, and the
 * files that the commits leave must be the catalog's rows, each as its commit wrote it.
 */
export class Replay {
  readonly #proof: StoreProof;
  readonly #report: Report;
  readonly #rows: ReadonlyMap<string, FileHistory>;
  readonly #live = new Map<string, FileHistory>();
  /** Rows that a commit accounts for. */
  readonly #accounted = new Set<string>();
  #version = 0;
  #contentVersion = 0;
  #chain = "";

  constructor(proof: StoreProof, report: Report) {
    this.#proof = proof;
    this.#report = report;
    this.#rows = new Map(proof.files.map((file) => [file.path, file]));
  }

  /** Commits in the order of their versions. */
  add(commit: CommitRecord): void {
    const { version, actions: text, chain } = commit;
    const where = `commit ${version} of store ${this.#proof.storeId}`;
    this.#gap(this.#version + 1, version - 1);
    this.#version = version;
    const computed = createHash("sha256").update(this.#chain).update("\n").update(text).digest("hex");
    if (computed !== chain)
      this.#report({ kind: "commit-changed", where, what: `its chain is ${chain}, and ${computed} by what it says` });
    // On from what is written: so each change is found once, where it is.
    this.#chain = chain;
    try {
      const actions: Actions = JSON.parse(text);
      this.#apply(commit, actions, where);
    } catch (error) {
      this.#report({ kind: "commit-changed", where, what: `what it says cannot be read: ${messageOf(error)}` });
    }
  }

  /** Every commit up to the proof's version was added. */
  end(): void {
    const { storeId, version, contentVersion, chain } = this.#proof;
    this.#gap(this.#version + 1, version);
    const where = `the head of store ${storeId}`;
    if (this.#version === version && chain !== this.#chain)
      this.#report({
        kind: "head-differs",
        where,
        what: `its chain is ${chain}, that of the last commit ${this.#chain}`,
      });
    if (this.#version === version && contentVersion !== this.#contentVersion)
      this.#report({
        kind: "head-differs",
        where,
        what: `its content is of version ${contentVersion}, that of the commits of ${this.#contentVersion}`,
      });
    for (const file of this.#live.values()) this.#compare(file);
    for (const { path } of this.#rows.values())
      if (!this.#accounted.has(path))
        this.#report({ kind: "file-row-differs", where: path, what: "the catalog has it, and no commit added it" });
  }

  #apply(commit: CommitRecord, actions: Actions, where: string): void {
    const { storeId, version, kind, createdAt, add, remove } = actions;
    const columns = {
      storeId: this.#proof.storeId,
      version: commit.version,
      kind: commit.kind,
      createdAt: commit.createdAt,
    };
    const said = { storeId, version, kind, createdAt };
    if (JSON.stringify(said) !== JSON.stringify(columns))
      this.#report({
        kind: "commit-changed",
        where,
        what: `its row is ${JSON.stringify(columns)}, and it says ${JSON.stringify(said)}`,
      });
    if (kind === "compaction" || kind === "purge") this.#contentVersion = commit.version;
    for (const { path, sha256 } of remove) {
      const file = this.#live.get(path);
      if (file === undefined || file.sha256 !== sha256) {
        this.#report({ kind: "commit-changed", where, what: `it removes ${path}, which the store did not have` });
        continue;
      }
      this.#live.delete(path);
      // Without a row its object is deleted already.
      if (this.#rows.has(path)) this.#compare({ ...file, removedVersion: commit.version, removedAt: createdAt });
    }
    for (const file of add)
      this.#live.set(file.path, { ...file, addedVersion: commit.version, addedAt: commit.createdAt });
  }

  #compare(expected: FileHistory): void {
    const row = this.#rows.get(expected.path);
    this.#accounted.add(expected.path);
    if (row === undefined) {
      const what = "the catalog has no row of it";
      this.#report({ kind: "file-row-differs", where: expected.path, what, since: expected.addedAt });
      return;
    }
    for (const field of fields)
      if (row[field] !== expected[field])
        this.#report({
          kind: "file-row-differs",
          where: expected.path,
          what: `its ${field} is ${String(row[field])} in the catalog and ${String(expected[field])} in the commits`,
          since: expected.addedAt,
        });
  }

  #gap(from: number, to: number): void {
    if (from > to) return;
    const which = from === to ? `commit ${from}` : `commits ${from} to ${to}`;
    this.#report({
      kind: "commit-missing",
      where: `${which} of store ${this.#proof.storeId}`,
      what: "not in the catalog",
    });
  }
}
