import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, in memory. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all the room there is. */
  fill(): void;
  /** Gives it back. */
  clear(): void;
  remount(options: string): void;
  [Symbol.dispose](): void;
}

/** Undefined where none can be mounted: that needs Linux and root. @param size such as `8m` */
export function smallDisk(size: string): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), "tributary-disk-"));
  const mount = (options: string) => spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]).status === 0;
  if (process.platform !== "linux" || !mount(`size=${size},mode=0700`)) {
    rmSync(path, { recursive: true, force: true });
    console.log("skipped: a file system of its own cannot be mounted here");
    return undefined;
  }
  const filler = join(path, "filler");
  return {
    path,
    fill() {
      writeFileSync(filler, "");
      for (let piece = 65_536; piece >= 1; piece >>= 1)
        try {
          for (;;) appendFileSync(filler, Buffer.alloc(piece));
        } catch {
          // No room for a piece of that size.
        }
      const { bavail } = statfsSync(path);
      if (bavail > 0) throw new Error(`${bavail} blocks are free on a disk that was filled`);
    },
    clear: () => rmSync(filler),
    remount: (options) => void mount(`remount,${options}`),
    [Symbol.dispose]() {
      spawnSync("umount", ["-l", path]);
      rmSync(path, { recursive: true, force: true });
    },
  };
}
