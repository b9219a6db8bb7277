import { createHash } from "node:crypto";
import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { Checkpoint, PublicationAttempt } from "../catalog/publication-catalog.ts";
import type { Clock } from "../clock.ts";
import { measure } from "../compactor/measure.ts";
import type { Objects } from "../objects/objects.ts";
import type { CheckpointFile, CheckpointWriter } from "./checkpoint-writer.ts";
import { checkpointActions } from "./delta-checkpoint.ts";
import { deltaStart, deltaVersion } from "./delta-version.ts";
import { checkpointPath, deltaPath, hintPath } from "./log-paths.ts";

export interface PublishPorts {
  readonly catalog: Pick<
    Catalog,
    "announceVersions" | "recordVersions" | "announceCheckpoint" | "recordCheckpoint" | "announceHint" | "recordHint"
  >;
  readonly objects: Pick<Objects, "put" | "replace" | "get">;
  readonly checkpoints: CheckpointWriter;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
}

/** Versions between checkpoints. */
export const checkpointEvery = 100;

/**
 * Publishes a store's next commits as versions of a Delta Lake table, in order, up to where a checkpoint is due. Undefined when
 * there was nothing to publish. Any number may do it at once: what they put is the same. Nobody else may write the log:
 * `OBJECT_EXISTS` otherwise.
 */
export async function publishVersions(
  { catalog, objects, clock, newId }: PublishPorts,
  storeId: string,
  every: number = checkpointEvery,
): Promise<{ readonly published: number; readonly checkpointDue: boolean } | undefined> {
  const attempt = begin(storeId, clock, newId);
  const next = await catalog.announceVersions(attempt, every);
  if (next === undefined) return undefined;
  const put = (version: number, text: string): Promise<void> =>
    objects.put(deltaPath(storeId, version), Buffer.from(text, "utf8"));
  if (next.published < 0) await put(0, deltaStart(storeId));
  for (const commit of next.commits) await put(commit.version, deltaVersion(storeId, commit));
  const published = next.commits.at(-1)?.version ?? 0;
  const options = { at: clock.now(), checkpointEvery: every };
  return { published, ...(await catalog.recordVersions(attempt, published, options)) };
}

/**
 * Publishes a checkpoint of a store's last published version when one is due, and names it in the hint. Two that publish one
 * version's checkpoint may differ in their bytes and not in what they say: the first stays.
 */
export async function publishCheckpoint(
  ports: PublishPorts,
  storeId: string,
  every: number = checkpointEvery,
): Promise<number | undefined> {
  const { catalog, objects, checkpoints, clock, newId } = ports;
  const attempt = begin(storeId, clock, newId);
  const state = await catalog.announceCheckpoint(attempt, every);
  if (state === undefined) return undefined;
  const { version } = state;
  const actions = checkpointActions(storeId, state);
  const file = await checkpoints.write(actions);
  let stored: Pick<Checkpoint, "bytes" | "sha256">;
  try {
    stored = await putOnce(objects, checkpointPath(storeId, version), file.content);
  } finally {
    await file.close();
  }
  const checkpoint = { version, actions: actions.length, addFiles: state.files.length, ...stored };
  await nameCheckpoint(ports, attempt, await catalog.recordCheckpoint(attempt, checkpoint, clock.now()));
  return version;
}

/** Puts a checkpoint where there is none, and answers what the one that is there measures. */
async function putOnce(
  objects: Pick<Objects, "put" | "get">,
  path: string,
  content: CheckpointFile["content"],
): Promise<Pick<Checkpoint, "bytes" | "sha256">> {
  const own = content instanceof Uint8Array ? measured(content) : await measure(content.file);
  try {
    await objects.put(path, content);
    return own;
  } catch (error) {
    if (!(error instanceof TributaryError && error.code === "OBJECT_EXISTS")) throw error;
  }
  try {
    return measured(await objects.get(path));
  } catch (error) {
    if (!(error instanceof TributaryError && error.code === "OBJECT_MISSING")) throw error;
    // Its version was cleaned up since, and the catalog keeps no record of such a one.
    return own;
  }
}

function measured(bytes: Uint8Array): Pick<Checkpoint, "bytes" | "sha256"> {
  return { bytes: bytes.byteLength, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** What the hint says of a checkpoint. */
export function hintText({ version, actions: size, addFiles: numOfAddFiles }: Checkpoint): string {
  return JSON.stringify({ version, size, numOfAddFiles });
}

/** Writes the hint of the newest checkpoint again, whoever wrote it last. */
export async function publishHint(
  ports: Pick<PublishPorts, "clock" | "newId"> & {
    readonly catalog: Pick<Catalog, "announceHint" | "recordHint">;
    readonly objects: Pick<Objects, "replace">;
  },
  storeId: string,
): Promise<void> {
  const attempt = begin(storeId, ports.clock, ports.newId);
  const newest = await ports.catalog.announceHint(attempt);
  if (newest !== undefined) await nameCheckpoint(ports, attempt, newest);
}

/** Until the hint that this one wrote last names the newest checkpoint; one that dies before leaves its try open. */
async function nameCheckpoint(
  { catalog, objects }: { readonly catalog: Pick<Catalog, "recordHint">; readonly objects: Pick<Objects, "replace"> },
  attempt: PublicationAttempt,
  checkpoint: Checkpoint | undefined,
): Promise<void> {
  let named = checkpoint;
  do {
    if (named !== undefined) await objects.replace(hintPath(attempt.storeId), Buffer.from(hintText(named), "utf8"));
    named = await catalog.recordHint(attempt, named?.version ?? -1);
  } while (named !== undefined);
}

function begin(storeId: string, clock: Clock, newId: () => string): PublicationAttempt {
  return { attemptId: newId(), storeId, createdAt: clock.now() };
}
