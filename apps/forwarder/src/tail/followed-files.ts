import { basename } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { bytesOf } from "./bytes-of.ts";
import { FollowedFile } from "./followed-file.ts";
import { GonePlaces } from "./gone-places.ts";
import { isRotatedName, type ReadBefore, stemOf } from "./known-copies.ts";
import type { OpenFiles } from "./open-files.ts";
import type { PendingCommit } from "./pending-commit.ts";
import type { FileFacts, TailFileSystem } from "./tail-file-system.ts";
import { newPlace, type TailPlace } from "./tail-place.ts";

export interface FollowedFilesOptions {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly files: TailFileSystem;
  /** What an earlier process committed. */
  readonly places: readonly TailPlace[];
  readonly open: OpenFiles;
  readonly pending: PendingCommit;
}

interface Found {
  readonly path: string;
  readonly facts: FileFacts;
}

const factsPerTurn = 500;
/** So long may an earlier process have been gone before it had read the copy of a file. */
const lookedForMs = 86_400_000;

/** The files that a tail follows, wherever they are by now, and the places of those that are gone. */
export class FollowedFiles {
  readonly #options: FollowedFilesOptions;
  readonly #gone: GonePlaces;
  /** By device and inode. */
  readonly #live = new Map<string, FollowedFile>();
  /** By what their names begin with. */
  readonly #byStem = new Map<string, Set<FollowedFile>>();
  #isFirst = true;
  /** Of an earlier process, not found yet. */
  readonly #known: Map<string, TailPlace>;

  constructor(options: FollowedFilesOptions) {
    this.#options = options;
    this.#gone = new GonePlaces(options.places.filter(({ goneAt }) => goneAt !== undefined));
    const there = options.places.filter(({ goneAt }) => goneAt === undefined);
    this.#known = new Map(there.map((place) => [place.file, place]));
  }

  get size(): number {
    return this.#live.size;
  }

  values(): Iterable<FollowedFile> {
    return this.#live.values();
  }

  async #find(): Promise<ReadonlyMap<string, Found>> {
    const { files, paths, exclude } = this.#options;
    const found = new Map<string, Found>();
    for (const [index, path] of files.find(paths, exclude).entries()) {
      if (index % factsPerTurn === factsPerTurn - 1) await nextTurn();
      const facts = files.facts(path);
      // Two names of one file: it is read once.
      if (facts !== undefined && !found.has(facts.file)) found.set(facts.file, { path, facts });
    }
    return found;
  }

  /** Finds where the followed files are now, and takes up new ones. @param now ms since 1970 */
  async locate(now: number): Promise<void> {
    const { files } = this.#options;
    const found = await this.#find();
    for (const file of this.#live.values()) {
      const here = found.get(file.place.file);
      file.isOutside = here === undefined;
      if (here !== undefined) {
        file.path = here.path;
        file.update(here.facts, now);
      } else await this.#lookOutside(file, now);
      const { path, file: inode } = file.place;
      const isRotated = file.isOutside || (file.path !== path && files.facts(path)?.file !== inode);
      // Whoever writes to it may still be at it: its quiet time begins anew.
      if (isRotated && !file.isRotated) file.changedAt = now;
      file.isRotated = isRotated;
    }
    for (const [file, { path, facts }] of found) {
      if (this.#live.has(file)) continue;
      const known = this.#known.get(file);
      this.#known.delete(file);
      const place = known ?? newPlace(path, file);
      // Known from its first sight on, it is found again wherever it is moved.
      if (known === undefined) this.#options.pending.put(place);
      const followed = new FollowedFile(place, path, facts, now);
      followed.isNew = known === undefined;
      this.#follow(followed);
    }
    // What an earlier process followed and no pattern finds any more.
    for (const place of this.#known.values()) {
      const beside = this.#beside(place.path, place.file);
      if (beside === undefined) this.giveUp(place, now);
      else {
        this.#follow(outside(new FollowedFile(place, beside.path, beside.facts, now)));
      }
    }
    this.#known.clear();
    if (this.#isFirst)
      for (const place of this.#gone.values())
        if (now - (place.goneAt ?? 0) < lookedForMs) this.#lookForCopy(place, now);
    this.#isFirst = false;
  }

  /** A file that no pattern finds: it is open, or it lies beside its old name. */
  async #lookOutside(file: FollowedFile, now: number): Promise<void> {
    if (file.open !== undefined) {
      const facts = await file.open.facts();
      file.isDeleted = facts.isDeleted;
      file.update(facts, now);
      return;
    }
    const beside = this.#beside(file.path, file.place.file);
    if (beside === undefined) {
      this.#drop(file);
      this.giveUp(file.place, now);
      return;
    }
    file.path = beside.path;
    file.update(beside.facts, now);
  }

  #beside(path: string, file: string): Found | undefined {
    const { files } = this.#options;
    for (const sibling of files.siblings(path)) {
      const facts = files.facts(sibling);
      if (facts?.file === file) return { path: sibling, facts };
    }
    return undefined;
  }

  /** Keeps the place of a file that is gone, and looks for a copy of it that no pattern finds. */
  giveUp(place: TailPlace, now: number, lookBeside = true): void {
    if (place.position === 0) return this.#options.pending.forget(place.id);
    const gone = { ...place, goneAt: now };
    this.#gone.add(gone);
    this.#options.pending.put(gone);
    if (lookBeside) this.#lookForCopy(gone, now);
  }

  /** Takes up what may be a copy of a file that is gone, and is found by no pattern. */
  #lookForCopy(place: TailPlace, now: number): void {
    const { files } = this.#options;
    for (const path of files.siblings(place.path)) {
      if (!isRotatedName(path, place.path)) continue;
      const facts = files.facts(path);
      if (facts === undefined || facts.file === place.file || this.#live.has(facts.file)) continue;
      const file = outside(new FollowedFile(newPlace(place.path, facts.file), path, facts, now));
      file.mustBeCopy = true;
      file.isNew = true;
      this.#follow(file);
    }
  }

  /** Follows a file no longer. */
  async leave(file: FollowedFile): Promise<void> {
    this.#drop(file);
    await this.#options.open.close(file);
  }

  /** Of what a file may be a copy: what is gone and begins alike, and what its name may be made of. @param head its first bytes */
  *others(file: FollowedFile, head: Uint8Array): Iterable<ReadBefore> {
    const name = basename(file.path);
    for (let length = name.length; length > 0; length--)
      for (const { place, kind, open, unread } of this.#byStem.get(name.slice(0, length)) ?? [])
        if (place.id !== file.place.id)
          yield { place, live: { unread, ...(kind === "lines" && open && { bytes: () => bytesOf(open) }) } };
    for (const place of this.#gone.alike(head)) yield { place };
  }

  #follow(file: FollowedFile): void {
    this.#live.set(file.place.file, file);
    const stem = stemOf(file.place.path);
    const same = this.#byStem.get(stem);
    if (same === undefined) this.#byStem.set(stem, new Set([file]));
    else same.add(file);
  }

  #drop(file: FollowedFile): void {
    this.#live.delete(file.place.file);
    const stem = stemOf(file.place.path);
    const same = this.#byStem.get(stem);
    same?.delete(file);
    if (same?.size === 0) this.#byStem.delete(stem);
  }

  /** The file was cut or written anew: what was read of it may live on in a copy. */
  async beginAnew(file: FollowedFile, now: number): Promise<void> {
    await this.leave(file);
    this.giveUp(file.place, now);
    const place = newPlace(file.path, file.place.file);
    this.#options.pending.put(place);
    const next = new FollowedFile(place, file.path, file.facts, now);
    next.changedAt = file.changedAt;
    this.#follow(next);
  }

  /** A file goes on from the place of another one, which is not needed any more if that is gone. */
  async adopt(file: FollowedFile, id: string): Promise<void> {
    if (this.#gone.delete(id)) this.#options.pending.forget(id);
    this.#options.pending.put(file.place);
    if (this.#options.pending.isFull) await this.#options.pending.commit();
  }

  /** Forgets what is gone for long. @param now ms since 1970 */
  expire(now: number): void {
    for (const id of this.#gone.expire(now)) this.#options.pending.forget(id);
  }
}

function outside(file: FollowedFile): FollowedFile {
  file.isOutside = true;
  file.isRotated = true;
  return file;
}
