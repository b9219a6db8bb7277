import { createHash, randomUUID } from "node:crypto";
import { PrefixDigest } from "./prefix-digest.ts";

/** How much of a file's beginning is held against that of others; less where less was read. */
export const headBytes = 1024;

/** How far a file was read. True only together with the records it covers: both are in one commit. */
export interface TailPlace {
  readonly id: string;
  /** Its name when it was first seen: what leads elsewhere now has been rotated. */
  readonly path: string;
  /** Device and inode. */
  readonly file: string;
  /** A format of the adapter; undefined until it is known. */
  readonly format: string | undefined;
  /** Where reading began: 0, or the end at the first sight (`since: end`). */
  readonly from: number;
  /** After the last record that was read, in bytes after decompression. */
  readonly position: number;
  /** SHA-256 of its first bytes, base64url, and how many they are. */
  readonly head: string;
  readonly headLength: number;
  /** `PrefixDigest` of what lies between `from` and `position`. */
  readonly digest: string;
  /** Of a file that is read as a whole: size and time when it was read to its end. */
  readonly whole: string | undefined;
  /** ms since 1970 when it was found gone, or written anew: kept for a while, to know copies of it. */
  readonly goneAt: number | undefined;
}

export function headOf(bytes: Uint8Array): Pick<TailPlace, "head" | "headLength"> {
  const head = bytes.subarray(0, headBytes);
  return { head: createHash("sha256").update(head).digest("base64url"), headLength: head.length };
}

const nothing = { ...headOf(new Uint8Array()), digest: new PrefixDigest().value() };

/** Of a file that nothing was read of. */
export function newPlace(path: string, file: string): TailPlace {
  return {
    id: randomUUID(),
    path,
    file,
    format: undefined,
    from: 0,
    position: 0,
    ...nothing,
    whole: undefined,
    goneAt: undefined,
  };
}

export function encodePlace(place: TailPlace): string {
  return JSON.stringify(place);
}

type Absent = "format" | "whole" | "goneAt";

/** The place that {@link encodePlace} wrote. */
export function decodePlace(text: string): TailPlace {
  const place: Omit<TailPlace, Absent> & Partial<Pick<TailPlace, Absent>> = JSON.parse(text);
  return { ...place, format: place.format, whole: place.whole, goneAt: place.goneAt };
}
