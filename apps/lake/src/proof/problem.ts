/** A finding of `verify`. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The object, row or file it was found in. */
  readonly where: string;
  /** What is wrong there. */
  readonly what: string;
  /** When it was as it should be, at the latest that is known, ms since 1970: the change came after. */
  readonly since?: number | undefined;
}

export type ProblemKind = keyof typeof problemKinds;

const restore = "Restore the lake from a backup that verifies, or take this object from it.";

/** What each kind means and what to do about it. */
export const problemKinds = {
  "catalog-damaged": {
    meaning: "The catalog file is damaged: a disk fault, or a program other than the lake wrote to it.",
    fix: "Stop the lake, keep a copy of the directory, restore the last backup that verifies.",
  },
  "commit-changed": {
    meaning: "The history of the store was changed after it was written.",
    fix: "Compare with a backup: find out what the commit said, and who could write to the catalog.",
  },
  "commit-missing": {
    meaning: "Commits were taken out of the history of the store.",
    fix: "Compare with a backup: it has the commits that are gone.",
  },
  "head-differs": {
    meaning: "The store's head is not where its history ends: one of the two was changed.",
    fix: "Compare both with heads kept elsewhere, or with a backup.",
  },
  "history-cut": {
    meaning: "The lake's history of the store ends before a head that was kept elsewhere: the end of it was cut off.",
    fix: "Restore a backup that reaches that head. If an older backup was restored on purpose, keep new heads.",
  },
  "history-rewritten": {
    meaning: "The history differs from a head that was kept elsewhere: it was written anew.",
    fix: "Compare with a backup made before: every difference from it was made by somebody.",
  },
  "signed-heads-changed": {
    meaning: "A record of signed heads is not what the key signed. What it said is not known, and not looked for.",
    fix: "Compare with a copy of the records that is kept elsewhere. A key that was changed: give both public keys, in one file.",
  },
  "signed-heads-missing": {
    meaning: "Records of signed heads were taken away.",
    fix: "Compare with a copy of the records that is kept elsewhere, and verify with that one.",
  },
  "file-row-differs": {
    meaning: "The catalog's row of the file is not what the store's commits say: it was changed, added or deleted.",
    fix: "Queries may read the wrong files. Restore the catalog from a backup that verifies.",
  },
  "object-missing": { meaning: "Events are missing: a file that holds them is gone.", fix: restore },
  "object-changed": { meaning: "The bytes of a file that never changes have changed.", fix: restore },
  "object-unreadable": {
    meaning: "A file cannot be read, so it cannot be verified: its permissions, or the disk.",
    fix: "Make it readable, or look at the disk, and verify again.",
  },
  "object-extra": {
    meaning: "There is an object that the lake did not put there. No query reads it.",
    fix: "Find out where it comes from, then move it away.",
  },
  "delta-log-differs": {
    meaning: "Readers of the Delta table see another history than the lake: its log was changed.",
    fix: "Move the object away. What the lake has not published it publishes again.",
  },
  "delta-log-missing": {
    meaning: "Readers of the Delta table cannot go past it: a part of its log that was published is gone.",
    fix: "Take the object from a backup. The lake itself reads no log, and loses nothing.",
  },
  "hint-missing": {
    meaning:
      "Readers of the Delta table look through more of its log than they need: the hint of its newest checkpoint is gone.",
    fix: "Start the lake: it writes the hint again.",
  },
  "checkpoint-differs": {
    meaning: "Readers of the Delta table begin at a checkpoint that is not what the lake published.",
    fix: "Take the object from a backup. Without one move it away while every version before it is still there.",
  },
  "journal-row-damaged": {
    meaning: "Events that were accepted and are not in the tables yet cannot be read as they were written.",
    fix: "Keep a copy of the catalog file; the row stays where it is. Look at the disk.",
  },
  "result-damaged": {
    meaning: "The stored result of a finished query is not whole. No event is concerned.",
    fix: "Run the query again.",
  },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly fix: string }>>;

/** Told of each problem as it is found. */
export type Report = (problem: Problem) => void;
