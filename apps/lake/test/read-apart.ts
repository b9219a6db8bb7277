import { execFileSync } from "node:child_process";

const program = "process.stdout.write(require('node:fs').readFileSync(process.argv[1]))";

/**
 * The bytes of a file, read by another process. A process that opens SQLite's files beside its own connections and closes them
 * gives up all locks it has on them (POSIX), and another process may then cut the shared memory that is in use.
 */
export function readApart(path: string): Buffer {
  return execFileSync(process.execPath, ["-e", program, path], { maxBuffer: 1024 ** 3 });
}
