import { readFileSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import type { ChildUser } from "./child-message.ts";

/**
 * The user that query children become. Only root can change user: without root undefined, and children have the lake's own
 * rights. `name`: a name of /etc/passwd, or `uid:gid`. Throws `CHILD_USER_INVALID`.
 */
export function childUser(
  name: string,
  passwd = (): string => readFileSync("/etc/passwd", "utf8"),
): ChildUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const invalid = (reason: string): TributaryError =>
    new TributaryError(
      `Queries cannot run as user '${name}': ${reason}. Give --child-user a user of this machine that owns nothing, or uid:gid.`,
      { code: "CHILD_USER_INVALID" },
    );
  const numbers = /^(\d{1,9}):(\d{1,9})$/.exec(name);
  const fields =
    numbers ??
    passwd()
      .split("\n")
      .map((line) => line.split(":"))
      .filter(([user]) => user === name)
      .map((line) => [name, line[2], line[3]])[0];
  if (fields === undefined) throw invalid("there is no such user");
  const [uid, gid] = [Number(fields[1]), Number(fields[2])];
  if (!Number.isInteger(uid) || !Number.isInteger(gid) || uid <= 0 || gid <= 0)
    throw invalid("it must be neither root nor of root's group");
  return { uid, gid };
}
