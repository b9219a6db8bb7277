import { statSync } from "node:fs";
import { join } from "node:path";
import { networkFileSystem } from "../catalog/network-file-system.ts";
import { isServed } from "../serve/data-directory.ts";
import { type Finding, fail, guarded, ok, warn } from "./finding.ts";
import type { Machine } from "./machine.ts";

/** `f_type` of file systems in memory; `linux/magic.h`. */
const inMemory: ReadonlyMap<number, string> = new Map([
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
]);

/** The Node release that runs this, against `engines` of the package, such as `>=22.16`. */
export function checkNode(version: string, engines: string): Finding {
  const [major = 0, minor = 0] = numbers(version);
  const [leastMajor = 0, leastMinor = 0] = numbers(engines);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
    ? ok("node", `Node ${version}`)
    : fail("node", `Node ${version}; the lake needs ${engines}`, `Install Node ${leastMajor}.${leastMinor} or later.`);
}

/** That the directory is there and is nobody else's, with everything that is directly in it. */
export function checkDirectory(path: string, machine: Machine): Finding {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined)
    return fail(
      "directory",
      `there is no ${path}`,
      'Name the lake\'s directory with --data; "identity create" or "serve" makes a new one.',
    );
  if (!stats.isDirectory())
    return fail("directory", `${path} is not a directory`, "Name the lake's directory with --data.");
  if (machine.uid === undefined) return ok("directory", path);
  if ((stats.mode & 0o077) !== 0)
    return fail("directory", `others than its owner can use ${path}`, `Run: chmod 700 ${path}`);
  if (machine.uid !== 0 && machine.uid !== stats.uid)
    return fail(
      "directory",
      `${path} belongs to user ${stats.uid}, and this command runs as user ${machine.uid}`,
      `Run the lake and its commands as user ${stats.uid}.`,
    );
  const strange = ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "serve.lock", "objects", "master.key"]
    .map((name) => join(path, name))
    .filter((file) => (statSync(file, { throwIfNoEntry: false })?.uid ?? stats.uid) !== stats.uid);
  if (strange.length > 0)
    return fail(
      "directory",
      `${path} belongs to user ${stats.uid}, and not so ${strange.join(", ")}`,
      `Run: chown -R ${stats.uid} ${path}`,
    );
  return machine.uid === stats.uid
    ? ok("directory", `${path}, for user ${stats.uid} alone`)
    : warn(
        "directory",
        `${path} belongs to user ${stats.uid}, and this command runs as root`,
        `Run the lake's commands as user ${stats.uid}: what root makes there, that user cannot use.`,
      );
}

/** That it is on a disk of this machine. */
export function checkFileSystem(path: string, machine: Machine): Finding {
  return guarded(
    "file-system",
    () => {
      // Other systems than Linux have no such numbers.
      if (process.platform !== "linux") return ok("file-system", "not known on this system");
      const { type } = machine.fileSystem(path);
      const network = networkFileSystem(type);
      if (network !== undefined)
        return fail(
          "file-system",
          `${network}, a network file system, where committed events could be lost`,
          "Move the data directory to a local disk.",
        );
      const memory = inMemory.get(type >>> 0);
      return memory === undefined
        ? ok("file-system", `local (type 0x${(type >>> 0).toString(16)})`)
        : warn(
            "file-system",
            `${memory}, which is memory: everything is gone after a restart of the machine`,
            "Move the data directory to a disk, unless that is meant.",
          );
    },
    "Look whether the disk is mounted.",
  );
}

/** Whether a lake serves the directory. */
export function checkServing(path: string): { readonly finding: Finding; readonly served: boolean } {
  let served = false;
  const finding = guarded(
    "serving",
    () => {
      served = isServed(path);
      return ok("serving", served ? "a lake serves the directory" : "no lake serves the directory");
    },
    "Run the command as the directory's owner.",
  );
  return { finding, served };
}

function numbers(text: string): readonly number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
