import { PrefixDigest } from "./prefix-digest.ts";
import type { FileFacts, OpenFile } from "./tail-file-system.ts";
import { headBytes, headOf, type TailPlace } from "./tail-place.ts";

/** So much before the position is held against the file whenever it has changed: a file written anew differs there. */
const windowBytes = 256;

/** A file that is followed: its place, and what this process knows of it. */
export class FollowedFile {
  place: TailPlace;
  /** Where it is now. */
  path: string;
  facts: FileFacts;
  /** Undefined while it is closed. */
  open: OpenFile | undefined;
  /** Lines are read as they come, everything else as a whole; undefined until its beginning was looked at. */
  kind: "lines" | "whole" | undefined;
  /** Its first name leads elsewhere or nowhere: whoever writes to it will stop. */
  isRotated = false;
  /** It is found under none of the patterns. */
  isOutside = false;
  isDeleted = false;
  /** It was never looked at, by no process. */
  isNew = false;
  /** It is read only if it turns out to be a copy of a file that is gone. */
  mustBeCopy = false;
  /** ms since 1970, when it was last seen to change. */
  changedAt: number;
  /** Look again then, whatever was seen; ms since 1970. */
  wakeAt: number | undefined;
  /** Up to here there is no end of a line behind the position. */
  scanned = 0;
  /** The last problem that was told of. */
  problem: string | undefined;
  /** Of the last look that left nothing to do. */
  #seen: string | undefined;
  /** Undefined until the file is opened and found to be what it was. */
  #digest: PrefixDigest | undefined;
  #head: Uint8Array = new Uint8Array();
  #window: Uint8Array = new Uint8Array();

  /** @param now ms since 1970 */
  constructor(place: TailPlace, path: string, facts: FileFacts, now: number) {
    this.place = place;
    this.path = path;
    this.facts = facts;
    this.changedAt = Math.min(facts.modifiedAt, now);
  }

  /** Bytes that wait to be read; of a compressed file, its size. */
  get unread(): number {
    const { place, facts } = this;
    if (this.kind === "whole") return place.whole === this.state ? 0 : facts.size;
    return Math.max(0, facts.size - place.position);
  }

  /** Size and time. */
  get state(): string {
    return `${this.facts.size} ${this.facts.modifiedAt}`;
  }

  /** Takes in what the file system says now. @param now ms since 1970 */
  update(facts: FileFacts, now: number): void {
    if (facts.size !== this.facts.size || facts.modifiedAt !== this.facts.modifiedAt) this.changedAt = now;
    this.facts = facts;
  }

  isDue(now: number): boolean {
    return this.#seen !== this.#look || (this.wakeAt !== undefined && now >= this.wakeAt);
  }

  /** Nothing is left to do, until something changes or the time comes. */
  rest(wakeAt?: number): void {
    this.#seen = this.#look;
    this.wakeAt = wakeAt;
  }

  get #look(): string {
    return `${this.state} ${this.isRotated} ${this.isDeleted}`;
  }

  /** Holds the open file against its place. False where it was cut or written anew. */
  async isSame(): Promise<boolean> {
    const { open, place } = this;
    const { from, position, headLength } = place;
    if (open === undefined || this.facts.size < position) return false;
    if (this.#digest !== undefined) {
      const window = Buffer.allocUnsafe(this.#window.length);
      return (await open.read(window, position - window.length)) === window.length && window.equals(this.#window);
    }
    const head = Buffer.allocUnsafe(headLength);
    if ((await open.read(head, 0)) < headLength || headOf(head).head !== place.head) return false;
    const resumeFrom = from + PrefixDigest.resumeFrom(position - from);
    const bytes = Buffer.allocUnsafe(position - resumeFrom);
    if ((await open.read(bytes, resumeFrom)) < bytes.length) return false;
    this.#digest = PrefixDigest.resume(place.digest, position - from, bytes);
    this.#head = head;
    this.#window = Buffer.from(bytes.subarray(-windowBytes));
    return this.#digest !== undefined;
  }

  /** Takes the next bytes of lines into the place. It is {@link isSame} that made it ready. */
  advance(bytes: Uint8Array): void {
    const { place } = this;
    const digest = (this.#digest ??= new PrefixDigest());
    digest.update(bytes);
    this.#window = Buffer.concat([this.#window, bytes.subarray(-windowBytes)]).subarray(-windowBytes);
    const grows = place.from === 0 && place.headLength < headBytes;
    if (grows) this.#head = Buffer.concat([this.#head, bytes.subarray(0, headBytes)]).subarray(0, headBytes);
    const head = grows ? headOf(this.#head) : {};
    this.place = { ...place, ...head, position: place.position + bytes.length };
  }

  /** Back to an earlier place, whose bytes are read again. */
  rewind(place: TailPlace): void {
    this.place = place;
    this.scanned = 0;
    this.#digest = undefined;
  }

  /** The place with the digest of what was read up to it. */
  settled(): TailPlace {
    if (this.#digest !== undefined) this.place = { ...this.place, digest: this.#digest.value() };
    return this.place;
  }
}
