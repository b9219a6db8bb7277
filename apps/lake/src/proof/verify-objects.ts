import type { Catalog } from "../catalog/catalog.ts";
import type { FileHistory, StoreProof } from "../catalog/proof-catalog.ts";
import { stat } from "node:fs/promises";
import { measure } from "../compactor/measure.ts";
import { hasCode } from "../objects/object-files.ts";
import type { Objects } from "../objects/objects.ts";
import { messageOf } from "../message-of.ts";
import type { Report } from "./problem.ts";

export interface ObjectProofPorts {
  readonly catalog: Pick<Catalog, "objectState" | "getQuery">;
  readonly objects: Pick<Objects, "stage" | "list">;
}

/** Hashes a store's files, the removed ones too as long as they are there. */
export async function verifyFiles(
  { catalog, objects }: ObjectProofPorts,
  proof: StoreProof,
  report: Report,
  progress: (bytes: number) => void,
): Promise<void> {
  for (const file of proof.files) {
    const problem = await verifyFile(objects, file);
    progress(file.bytes);
    if (problem === undefined) continue;
    const { kind } = problem;
    if (kind === "object-missing") {
      if (file.removedVersion !== undefined) continue;
      // Removed and swept since the proof was read.
      if ((await catalog.objectState(file.path)) !== "live") continue;
    }
    report({ kind, where: file.path, what: problem.what, since: file.addedAt });
  }
}

async function verifyFile(
  objects: Pick<Objects, "stage">,
  { path, bytes, sha256 }: FileHistory,
): Promise<
  { readonly kind: "object-missing" | "object-changed" | "object-unreadable"; readonly what: string } | undefined
> {
  try {
    const staged = await objects.stage(path);
    const found = await measure(staged);
    if (found.sha256 === sha256 && found.bytes === bytes) return undefined;
    const { ctime } = await stat(staged);
    const what = `it has ${found.bytes} bytes of SHA-256 ${found.sha256}; ${bytes} bytes of ${sha256} were committed; the file system changed it last at ${ctime.toISOString()}`;
    return { kind: "object-changed", what };
  } catch (error) {
    if (isNoFile(error)) return { kind: "object-changed", what: messageOf(error) };
    if (isMissing(error)) return { kind: "object-missing", what: "a file of the store, and not there" };
    return { kind: "object-unreadable", what: messageOf(error) };
  }
}

/**
 * Lists every object and names those that the catalog does not know. An object is announced before it is written and forgotten
 * after it is deleted, so what is unknown and still there was never the lake's.
 */
export async function verifyListing(
  { catalog, objects }: ObjectProofPorts,
  isPublished: (path: string) => boolean,
  report: Report,
): Promise<void> {
  for await (const path of objects.list("")) {
    if (isPublished(path) || (await isKnown(catalog, path))) continue;
    if (!(await isThere(objects, path))) continue;
    report({ kind: "object-extra", where: path, what: "an object that no commit, announcement or query names" });
  }
}

async function isKnown(catalog: ObjectProofPorts["catalog"], path: string): Promise<boolean> {
  const queryId = /^results\/([^/]+)\/(?:index\.json|page-\d{6}\.ndjson)$/.exec(path)?.[1];
  if (queryId !== undefined) return (await catalog.getQuery(queryId)) !== undefined;
  return (await catalog.objectState(path)) !== undefined;
}

async function isThere(objects: Pick<Objects, "stage">, path: string): Promise<boolean> {
  try {
    await objects.stage(path);
    return true;
  } catch (error) {
    // A name that can be no object's is one that the lake did not make.
    return !isMissing(error);
  }
}

/** Whether an object is not there. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT", "OBJECT_MISSING");
}

/** Whether what has an object's name is no file. */
export function isNoFile(error: unknown): boolean {
  return hasCode(error, "OBJECT_NOT_A_FILE");
}
