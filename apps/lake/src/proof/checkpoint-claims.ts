import { createHash } from "node:crypto";
import type { CommitRecord } from "../catalog/store-catalog.ts";
import { addAction, commitActions, deltaTable, removeAction } from "../publish/delta-version.ts";

/** What a checkpoint says of its version, small enough that those of a whole log are held at once. */
export interface CheckpointClaim {
  readonly version: number;
  readonly files: number;
  /** Of the live files' actions, whatever their order. */
  readonly digest: string;
  /** Actions of removed files, which a checkpoint may have forgotten. */
  readonly removes: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** Reads a checkpoint's rows as a claim; a text says why they are none. */
export function claimOf(storeId: string, version: number, rows: readonly Row[]): CheckpointClaim | string {
  const table: string[] = [];
  const adds: string[] = [];
  const removes: string[] = [];
  for (const row of rows) {
    const [name = "none", ...more] = Object.keys(row);
    if (more.length > 0) return `a row of it has the actions ${[name, ...more].join(" and ")}`;
    if (name === "add") adds.push(canonical(row));
    else if (name === "remove") removes.push(canonical(row));
    else table.push(canonical(row));
  }
  if (table.toSorted().join("\n") !== deltaTable(storeId).map(canonical).toSorted().join("\n"))
    return "what it says of the table itself is not what the lake's tables are";
  return { version, files: adds.length, digest: digestOf(adds), removes };
}

/** A store's table, commit by commit from the first, against the claims of its checkpoints. */
export class ClaimedTable {
  readonly #storeId: string;
  readonly #claims: Map<number, CheckpointClaim>;
  readonly #live = new Map<string, string>();
  /** Removals that are claimed and were not met yet, with the versions that claim them. */
  readonly #claimed = new Map<string, Set<number>>();
  readonly #differs: (version: number, what: string) => void;

  /** `differs` is told of each claim that the commits do not bear out. */
  constructor(storeId: string, claims: readonly CheckpointClaim[], differs: (version: number, what: string) => void) {
    this.#storeId = storeId;
    this.#claims = new Map(claims.map((claim) => [claim.version, claim]));
    this.#differs = differs;
    for (const { version, removes } of claims)
      for (const remove of removes) this.#claimed.set(remove, (this.#claimed.get(remove) ?? new Set()).add(version));
  }

  /** Versions of claims that no commit was of. */
  get unmet(): readonly number[] {
    return [...this.#claims.keys()];
  }

  /** Commits in the order of their versions. Throws when what one says cannot be read. */
  add(commit: CommitRecord): void {
    const storeId = this.#storeId;
    const { version } = commit;
    const { kind, createdAt, add, remove } = commitActions(commit);
    for (const { path } of remove) {
      this.#live.delete(path);
      this.#claimed.delete(canonical(removeAction(storeId, path, { removedAt: createdAt, kind })));
    }
    for (const file of add)
      this.#live.set(
        file.path,
        canonical(addAction(storeId, file, { modificationTime: createdAt, dataChange: false })),
      );
    const claim = this.#claims.get(version);
    if (claim === undefined) return;
    this.#claims.delete(version);
    if (claim.files !== this.#live.size || claim.digest !== digestOf([...this.#live.values()]))
      this.#differs(version, `its ${claim.files} files are not the ${this.#live.size} that the store had then`);
    else if ([...this.#claimed.values()].some((versions) => versions.has(version)))
      this.#differs(version, "it removes a file that the store's commits did not remove so");
  }
}

function digestOf(actions: readonly string[]): string {
  return createHash("sha256").update(actions.toSorted().join("\n")).digest("hex");
}

/** JSON with its names in order. */
function canonical(value: object): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
