import { TributaryError } from "@tributary/schema";

/** What the operating system or SQLite says, and what to do. The first that fits counts. */
const fixes: readonly (readonly [RegExp, string])[] = [
  [
    /^E(ACCES|PERM)\b|readonly database|unable to open database file/,
    "Run the command as the user to whom the data directory and everything in it belong, and look whether it may be written: tributary-lake doctor tells more.",
  ],
  [/^EROFS\b/, "The disk is mounted to be read alone: mount it so that it can be written."],
  [/^E(NOSPC|DQUOT)\b|database or disk is full/, "The disk is full: make room and run the command again."],
  [/^E(MFILE|NFILE)\b/, "Too many files are open: raise the limit (ulimit -n), or end what holds them."],
  [/^EIO\b|disk I\/O error/, "The disk did not read or write: look at the machine's log, and verify the lake."],
  [
    /database disk image is malformed|file is not a database/,
    "The catalog is damaged: run tributary-lake verify, and restore a backup.",
  ],
];

/** An error of the machine with what to do about it; undefined for any other. */
export function systemFailure(error: unknown): TributaryError | undefined {
  if (!(error instanceof Error) || error instanceof TributaryError) return undefined;
  const fix = fixes.find(([says]) => says.test(error.message))?.[1];
  return fix === undefined
    ? undefined
    : new TributaryError(`${error.message}. ${fix}`, { code: "SYSTEM_FAILED", retryable: true, cause: error });
}
