import type { Adapter } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import type { FollowedFile } from "./followed-file.ts";
import { FollowedFiles } from "./followed-files.ts";
import { OpenFiles } from "./open-files.ts";
import { PendingCommit } from "./pending-commit.ts";
import { placeAtEnd } from "./place-at-end.ts";
import type { TailFileSystem } from "./tail-file-system.ts";
import type { TailPlace } from "./tail-place.ts";
import { TailReader } from "./tail-reader.ts";
import type { TailSink } from "./tail-sink.ts";

export interface TailOptions {
  readonly adapter: Adapter;
  /** Absolute paths of files and directories, and patterns. */
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly format: string | undefined;
  /** Where files are begun that are there at the first start. */
  readonly since: "start" | "end";
  /** So long must a file be unchanged before it is taken for complete; ms. */
  readonly quietMs: number;
  readonly maxFrameBytes?: number | undefined;
  /** Descriptors at once, 256 by default. */
  readonly maxOpen?: number | undefined;
  readonly files: TailFileSystem;
  readonly sink: TailSink;
  /** What an earlier process committed. */
  readonly places: readonly TailPlace[];
  /** Whether it had seen all files of its start. */
  readonly begun: boolean;
  /** ms since 1970. */
  readonly now: () => number;
  /** Told of a file that cannot be read; once, until its problem is another one. */
  readonly onProblem: (error: unknown, path: string) => void;
}

/** A file that was renamed to where no pattern finds it is given up when nothing was added for so long. */
const outsideMs = 3_600_000;

/**
 * Follows files as they grow, are rotated, cut, copied, compressed and deleted. A file is known by device and inode, and by what was
 * read of it: another file at the same inode, and the same file elsewhere, are told by their bytes. After a rejection it is of no
 * use: a new one goes on from the committed places.
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #open: OpenFiles;
  readonly #pending: PendingCommit;
  readonly #reader: TailReader;
  readonly #followed: FollowedFiles;
  #signal: AbortSignal = AbortSignal.abort();
  #begun: boolean;
  #expiredAt: number;

  constructor(options: TailOptions) {
    const { adapter, format, quietMs, maxFrameBytes, sink } = options;
    this.#options = options;
    this.#begun = options.begun;
    this.#open = new OpenFiles(options.files, options.maxOpen ?? 256);
    this.#pending = new PendingCommit(sink);
    this.#followed = new FollowedFiles({ ...options, open: this.#open, pending: this.#pending });
    this.#expiredAt = options.now();
    this.#reader = new TailReader({
      adapter,
      format,
      quietMs,
      maxFrameBytes,
      keep: (piece, isFirst) => sink.keep(piece, isFirst),
      others: (file, head) => this.#followed.others(file, head),
      adopt: (file, id) => this.#followed.adopt(file, id),
      take: async (file, records, place) => {
        file.problem = undefined;
        this.#pending.put(place);
        if (records !== undefined) this.#pending.add(records);
        if (!this.#pending.isFull) return;
        await this.#pending.commit();
        await sink.room(this.#signal);
      },
      stops: () => this.#signal.aborted,
    });
  }

  /** Files that are followed, of them open, and bytes that wait to be read. */
  get counts(): { readonly followed: number; readonly open: number; readonly unreadBytes: number } {
    let unreadBytes = 0;
    for (const file of this.#followed.values()) unreadBytes += file.unread;
    return { followed: this.#followed.size, open: this.#open.size, unreadBytes };
  }

  /** Looks at all files once and reads what is new. Answers whether there is more to read at once. */
  async pass(signal: AbortSignal): Promise<boolean> {
    this.#signal = signal;
    const now = this.#options.now();
    await this.#followed.locate(now);
    if (!this.#begun) await this.#begin();
    const due = [...this.#followed.values()].filter((file) => file.isDue(now));
    let more = false;
    for (const file of due.toSorted(inOrder)) {
      if (signal.aborted) break;
      if (await this.#look(file, now)) more = true;
    }
    await this.#retire(now);
    await this.#pending.commit();
    return more;
  }

  async close(): Promise<void> {
    await this.#open.closeAll();
  }

  /** On the first start of all: where `since: end` begins is durable before anything is read. */
  async #begin(): Promise<void> {
    if (this.#options.since === "end")
      for (const file of this.#followed.values())
        try {
          if (file.place.position > 0 || file.facts.size === 0 || !(await this.#open.ready(file, this.#options.now())))
            continue;
          file.place = await placeAtEnd(file.place, file.open!, file.state);
          this.#pending.put(file.place);
        } catch (error) {
          this.#problem(file, error);
        }
    await this.#pending.commit(true);
    this.#begun = true;
  }

  /** Whether there is more to read. */
  async #look(file: FollowedFile, now: number): Promise<boolean> {
    try {
      if (file.place.whole !== undefined && file.place.whole === file.state) {
        file.rest();
        return false;
      }
      await this.#options.sink.room(this.#signal);
      if (this.#signal.aborted) return false;
      if (!(await this.#open.ready(file, now))) return true;
      const looked = await this.#reader.look(file, now);
      file.isNew = false;
      if (looked === "anew") await this.#followed.beginAnew(file, now);
      else if (looked === "other") await this.#followed.leave(file);
      return looked === "anew" || looked === "more";
    } catch (error) {
      if (!isOfFile(error)) throw error;
      // A file that is broken is so until it changes; what the system refuses may be allowed any time.
      if (error instanceof TributaryError) file.rest();
      this.#problem(file, error);
      return false;
    } finally {
      this.#options.sink.release();
    }
  }

  async #retire(now: number): Promise<void> {
    for (const file of this.#followed.values()) {
      if (!file.isOutside || file.isDue(now) || file.wakeAt !== undefined) continue;
      if (now - file.changedAt < (file.isDeleted ? this.#options.quietMs : outsideMs)) continue;
      await this.#followed.leave(file);
      this.#followed.giveUp(file.place, now, !file.mustBeCopy);
    }
    if (now - this.#expiredAt < outsideMs) return;
    this.#expiredAt = now;
    this.#followed.expire(now);
  }

  #problem(file: FollowedFile, error: unknown): void {
    const text = String(error);
    if (file.problem === text) return;
    file.problem = text;
    this.#options.onProblem(error, file.path);
  }
}

/** What was rotated away before what took its place, what is known before what may be its copy, the older first. */
function inOrder(a: FollowedFile, b: FollowedFile): number {
  return rankOf(a) - rankOf(b) || a.changedAt - b.changedAt || (a.path < b.path ? -1 : 1);
}

const rankOf = ({ isRotated, isNew }: FollowedFile): number => (isNew ? 2 : isRotated ? 0 : 1);

/** What is wrong with one file, and stops no other. */
function isOfFile(error: unknown): boolean {
  if (error instanceof TributaryError) return !error.code.startsWith("STATE_");
  return error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code));
}
