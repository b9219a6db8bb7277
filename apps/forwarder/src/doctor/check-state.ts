import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../config/message-of.ts";
import { type IntegrationReport, stateReport } from "../state/state-report.ts";
import type { StateKeys } from "../state/state-keys.ts";
import { readState, type StatePlace } from "../state/state-place.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** What is known of the state, for the checks that come after. */
export interface StateLook {
  readonly findings: readonly Finding[];
  /** Whether a forwarder of this machine works on it now, as far as its lock tells. */
  readonly inUse: boolean;
  readonly reports: readonly IntegrationReport[];
}

/** Bytes below which the queue may not fit, and below which SQLite itself may fail. */
const little = 1_073_741_824;
const tooLittle = 104_857_600;

const { ok, warning, problem, notKnown } = findingsOf("state");

/** Looks at the state, and changes nothing: whether it can be used, by whom it is, and the room on its disk. */
export async function checkState(where: StatePlace, keys: StateKeys | undefined): Promise<StateLook> {
  if (where.kind === "postgres") return { ...(await reading(where, keys, "the database")), inUse: false };
  const { path } = where;
  const folder = nearestFolder(path);
  const room = roomFindings(folder);
  if (!existsSync(path)) {
    const file = isWritable(folder)
      ? ok("file", `${path} is not there yet: the first run makes it`)
      : problem(
          "file",
          `${path} is not there, and ${folder} cannot be written`,
          `Make ${dirname(path)} writable for the forwarder's user.`,
        );
    return { findings: [...room, file], inUse: false, reports: [] };
  }
  const inUse = isLocked(`${path}.lock`);
  const lock = ok("lock", inUse ? "a forwarder works on it now" : "no forwarder works on it now");
  const { findings, reports } = await reading(where, keys, path);
  return { findings: [...room, ...accessFindings(path), lock, ...findings], inUse, reports };
}

/** Opens it to look at it, as `status` does. */
async function reading(
  where: StatePlace,
  keys: StateKeys | undefined,
  name: string,
): Promise<Pick<StateLook, "findings" | "reports">> {
  try {
    const database = await readState(where, keys);
    try {
      const reports = await stateReport(database);
      const holders = new Set(reports.flatMap(({ holder }) => (holder === undefined ? [] : [holder.name])));
      const held = holders.size === 0 ? "" : `; held by ${[...holders].join(", ")}`;
      return { findings: [ok("version", `it can be read, and knows ${reports.length} integrations${held}`)], reports };
    } finally {
      await database.close();
    }
  } catch (error) {
    return { findings: [unread(error, name)], reports: [] };
  }
}

function unread(error: unknown, name: string): Finding {
  const code = error instanceof TributaryError ? error.code : undefined;
  if (code === "STATE_NOT_FOUND")
    return notKnown("version", messageOf(error), "Where its user may make the tables, the first tributary run does.");
  if (code === "STATE_VERSION")
    return problem("version", messageOf(error), "Take the release of tributary that wrote it, or a later one.");
  if (code?.startsWith("STATE_KEY_") === true)
    return problem(
      "version",
      messageOf(error),
      "Give the key that it was sealed with.",
      "Nothing of it can be read or sent.",
    );
  if (code === "STATE_UNREACHABLE")
    return problem(
      "version",
      messageOf(error),
      "Check the address and the server.",
      "Nothing is taken until it is there.",
    );
  return problem("version", `${name} cannot be read: ${messageOf(error)}`, "Restore it, or name another state.");
}

function accessFindings(path: string): readonly Finding[] {
  const findings: Finding[] = [];
  const folder = dirname(path);
  findings.push(
    isWritable(path) && isWritable(folder)
      ? ok("file", `${path} can be read and written`)
      : problem(
          "file",
          `${path} or its folder cannot be written by this user`,
          `Run as the user that owns it, or: chown it.`,
        ),
  );
  const open = [path, folder].filter((one) => (statSync(one).mode & 0o077) !== 0);
  if (open.length > 0 && process.platform !== "win32")
    findings.push(
      warning(
        "mode",
        `others than its owner can reach ${open.join(" and ")}`,
        `Run: chmod go= ${open.join(" ")}`,
        "The state holds original records.",
      ),
    );
  return findings;
}

function roomFindings(folder: string): readonly Finding[] {
  try {
    const { bavail, bsize, type } = statfsSync(folder);
    const free = bavail * bsize;
    const words = `${(free / 1e9).toFixed(1)} GB free at ${folder}`;
    const fix = "Make room, or name a state on a larger disk.";
    const room =
      free < tooLittle
        ? problem("disk", words, fix, "Nothing more can be stored: pollers stop and webhooks are answered 503.")
        : free < little
          ? warning("disk", words, fix, "A queue that grows may fill it.")
          : ok("disk", words);
    const remote = process.platform === "linux" ? network.get(type >>> 0) : undefined;
    if (remote === undefined) return [room];
    return [
      room,
      problem(
        "file system",
        `${folder} is on a network file system (${remote})`,
        "Name a state on a local disk.",
        "SQLite cannot rely on its locks and syncs: what was committed may be lost.",
      ),
    ];
  } catch (error) {
    return [problem("disk", `${folder} cannot be looked at: ${messageOf(error)}`, "Check the path of the state.")];
  }
}

/** `f_type` of statfs(2), from `linux/magic.h`. */
const network: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x01021997, "9p"],
]);

/** Whether another process holds the exclusive lock of state-lock.ts. */
function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const lock = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    lock.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
}

function nearestFolder(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
