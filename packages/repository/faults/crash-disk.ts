import { dirname } from "node:path";
import type { Syscall } from "./syscall-log.ts";

type Change =
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Buffer; readonly end: number }
  | { readonly kind: "truncate"; readonly size: number; readonly end: number };

interface File {
  durable: Buffer;
  /** Whether the directory entry is durable. */
  entry: boolean;
  pending: Change[];
}

/** @param isOwn the content is nobody else's: it is changed in place, in room that it grows into */
function apply(
  content: Buffer,
  change: Change,
  isOwn: boolean,
  keep = change.kind === "write" ? change.bytes.length : 0,
): Buffer {
  if (change.kind === "truncate" && change.size <= content.length) return content.subarray(0, change.size);
  const end = change.kind === "truncate" ? change.size : Math.max(content.length, change.offset + keep);
  const changed = grown(content, end, isOwn);
  if (change.kind === "write") change.bytes.copy(changed, change.offset, 0, keep);
  return changed;
}

function grown(content: Buffer, length: number, isOwn: boolean): Buffer {
  if (isOwn && length <= content.length) return content;
  const { buffer, byteOffset } = content;
  if (isOwn && byteOffset + length <= buffer.byteLength)
    return Buffer.from(buffer, byteOffset, length).fill(0, content.length);
  const room = Buffer.from(new ArrayBuffer(isOwn ? 2 * length : length));
  content.copy(room);
  return room.subarray(0, length);
}

/** A disk as power loss sees it: what was synced is there; what was not may be there, in part, in any order, or not at all. */
export class CrashDisk {
  readonly #files = new Map<string, File>();

  /** Starts with files that are wholly durable. */
  constructor(initial: ReadonlyMap<string, Buffer>) {
    for (const [path, durable] of initial)
      this.#files.set(path, { durable: Buffer.from(new Uint8Array(durable).buffer), entry: true, pending: [] });
  }

  play(call: Syscall): void {
    if (call.kind === "send") return;
    if (call.kind === "sync") {
      const file = this.#files.get(call.path);
      if (!file) {
        // A directory: its entries become durable.
        for (const [path, one] of this.#files) if (dirname(path) === call.path) one.entry = true;
        return;
      }
      // A sync covers what had returned before it began.
      for (const change of file.pending.filter((one) => one.end < call.start))
        file.durable = apply(file.durable, change, true);
      file.pending = file.pending.filter((one) => one.end >= call.start);
      return;
    }
    if (call.kind === "remove") {
      this.#files.delete(call.path);
      return;
    }
    const file = this.#files.get(call.path) ?? { durable: Buffer.from(new ArrayBuffer(0)), entry: false, pending: [] };
    this.#files.set(call.path, file);
    if (call.kind === "write")
      file.pending.push({ kind: "write", offset: call.offset, bytes: call.bytes, end: call.end });
    if (call.kind === "truncate") file.pending.push({ kind: "truncate", size: call.size, end: call.end });
  }

  /** The files after a power loss now; `chance` answers numbers from 0 to 1 and decides what of the unsynced survives, torn at 512 bytes. */
  image(chance: () => number): ReadonlyMap<string, Buffer> {
    const after = new Map<string, Buffer>();
    for (const [path, file] of this.#files) {
      if (!file.entry && chance() < 0.5) continue;
      let content = file.durable;
      let isOwn = false;
      for (const change of file.pending) {
        const luck = chance();
        if (luck < 0.4) continue;
        const torn = luck < 0.6 && change.kind === "write";
        content = torn
          ? apply(content, change, isOwn, Math.floor((chance() * change.bytes.length) / 512) * 512)
          : apply(content, change, isOwn);
        isOwn = true;
      }
      after.set(path, content);
    }
    return after;
  }
}
