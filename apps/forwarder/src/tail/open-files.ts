import type { FollowedFile } from "./followed-file.ts";
import type { TailFileSystem } from "./tail-file-system.ts";

/** Keeps the files open that were used last: an open one can be read to its end when it is renamed or deleted. */
export class OpenFiles {
  readonly #files: TailFileSystem;
  readonly #open = new Set<FollowedFile>();
  #most: number;

  /** @param most descriptors at once */
  constructor(files: TailFileSystem, most: number) {
    this.#files = files;
    this.#most = most;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Opens a file where it is not open. False where its path leads to another one by now. Throws what the system says. */
  async ready(file: FollowedFile, now: number): Promise<boolean> {
    if (file.open === undefined) {
      await this.#makeRoom();
      file.open = await this.#opened(file.path);
      this.#open.add(file);
    } else {
      this.#open.delete(file);
      this.#open.add(file);
    }
    const facts = await file.open.facts();
    if (facts.file !== file.place.file) {
      await this.close(file);
      return false;
    }
    file.isDeleted = facts.isDeleted;
    file.update(facts, now);
    return true;
  }

  async close(file: FollowedFile): Promise<void> {
    const { open } = file;
    file.open = undefined;
    this.#open.delete(file);
    await open?.close();
  }

  async closeAll(): Promise<void> {
    for (const file of this.#open) await this.close(file);
  }

  async #opened(path: string): Promise<NonNullable<FollowedFile["open"]>> {
    try {
      return await this.#files.open(path);
    } catch (error) {
      // The process has no descriptor left: others need some too.
      if (error instanceof Error && "code" in error && error.code === "EMFILE" && this.#open.size > 1) {
        this.#most = Math.max(1, Math.floor(this.#open.size / 2));
        await this.#makeRoom();
        return this.#files.open(path);
      }
      throw error;
    }
  }

  async #makeRoom(): Promise<void> {
    for (const rank of [isAtRest, isNamed])
      for (const file of this.#open) {
        if (this.#open.size < this.#most) return;
        if (rank(file)) await this.close(file);
      }
  }
}

/** Closing it loses nothing: it is read, and it is where it was. */
const isAtRest = (file: FollowedFile): boolean => file.unread === 0 && isNamed(file);
const isNamed = (file: FollowedFile): boolean => !file.isDeleted && !file.isOutside;
