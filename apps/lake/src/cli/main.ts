import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";
import { packageManifest } from "../package-manifest.ts";
import { type CommandIo, type CommandValues, UsageError, parseCommand } from "./command.ts";
import { backupCommand, restoreCommand } from "./backup-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { exportCommand } from "./export-command.ts";
import { headsCommand } from "./heads-command.ts";
import { helpOf } from "./help.ts";
import { identityCommand } from "./identity-command.ts";
import { eventsPurgeCommand, purgeListCommand, storePurgeCommand } from "./purge-command.ts";
import { rebuildCommand } from "./rebuild-command.ts";
import { serveCommand } from "./serve-command.ts";
import { systemFailure } from "./system-failure.ts";
import { verifyCommand } from "./verify-command.ts";

const allowed: Readonly<Record<string, readonly string[]>> = {
  serve: [
    "data",
    "region",
    "host",
    "port",
    "workers",
    "tls-cert",
    "tls-key",
    "insecure",
    "strict",
    "default-category",
    "child-user",
    "max-result-bytes",
    "delivery-directory",
    "delivery-s3-endpoint",
    "delivery-s3-region",
    "delivery-buckets",
    "quotas",
    "channels",
    "channels-per-source",
    "event-data-stores",
    "concurrent-queries",
    "tags-per-resource",
    "put-rate",
    "cors-origins",
    "event-time-ahead",
    "external-id-mode",
    "sources",
    "metrics-port",
    "metrics-host",
    "access-log",
    "access-log-days",
    "access-log-bytes",
    "removed-grace",
    "sign-heads",
    "signed-heads",
    "json",
  ],
  doctor: ["data", "endpoint", "child-user", "json"],
  verify: ["data", "store", "heads", "signed-heads", "public-key", "json"],
  heads: ["data", "json"],
  rebuild: ["data", "store", "all", "json"],
  export: ["data", "store", "from", "to", "out", "json"],
  backup: ["data", "to", "json"],
  restore: ["data", "from", "json"],
  "store purge": ["data", "store", "json"],
  "events purge": ["data", "store", "event-ids", "json"],
  "purge list": ["data", "json"],
  "identity create": ["data", "account", "name", "policy", "administrator", "json"],
  "identity disable": ["data", "account", "name", "json"],
  "identity enable": ["data", "account", "name", "json"],
  "identity policy list": ["data", "account", "name", "json"],
  "identity policy delete": ["data", "account", "name", "policy-name", "json"],
  "identity role create": ["data", "account", "name", "trust-policy", "policy", "max-session-duration", "json"],
  "identity role list": ["data", "json"],
  "identity role delete": ["data", "account", "name", "json"],
  "identity role policy put": ["data", "account", "name", "policy", "policy-name", "json"],
  "identity role policy delete": ["data", "account", "name", "policy-name", "json"],
  "identity role trust put": ["data", "account", "name", "trust-policy", "json"],
  "identity role revoke-sessions": ["data", "account", "name", "json"],
  "identity session create": ["data", "account", "name", "session-name", "duration", "policy", "json"],
  "identity master-key rotate": ["data", "new-master-key-file", "new-data-key", "json"],
  "identity list": ["data", "json"],
  "identity delete": ["data", "account", "name", "json"],
  "identity policy put": ["data", "account", "name", "policy", "policy-name", "json"],
  "identity key create": ["data", "account", "name", "json"],
  "identity key disable": ["data", "access-key-id", "json"],
  "identity key enable": ["data", "access-key-id", "json"],
  "identity key delete": ["data", "access-key-id", "json"],
  "account disable": ["data", "account", "json"],
  "account enable": ["data", "account", "json"],
};

const commands: ReadonlyMap<string, (values: CommandValues, io: CommandIo) => Promise<number>> = new Map([
  ["serve", serveCommand],
  ["doctor", doctorCommand],
  ["verify", verifyCommand],
  ["heads", headsCommand],
  ["rebuild", rebuildCommand],
  ["export", exportCommand],
  ["backup", backupCommand],
  ["restore", restoreCommand],
  ["store purge", storePurgeCommand],
  ["events purge", eventsPurgeCommand],
  ["purge list", purgeListCommand],
]);

/** Runs one command and answers the exit code. */
export async function main(args: readonly string[], io: CommandIo): Promise<number> {
  // Known before the command line is, so that a program can also read what is wrong with that.
  const json = args.includes("--json");
  try {
    const { values: given, positionals: words } = parseCommand(args);
    if (given.version) {
      const { version } = packageManifest;
      io.stdout.write(given.json ? `${JSON.stringify({ version })}\n` : `${version}\n`);
      return 0;
    }
    const asksHelp = given.help === true || words[0] === "help";
    const positionals = words[0] === "help" ? words.slice(1) : words;
    const usual = io.env["TRIBUTARY_LAKE_DATA"];
    const values = usual === undefined ? given : { data: usual, ...given };
    const command = positionals.join(" ");
    if (asksHelp || args.length === 0) {
      io.stdout.write(helpOf(command));
      return args.length === 0 ? 2 : 0;
    }
    const takes = Object.hasOwn(allowed, command) ? allowed[command] : undefined;
    if (!takes) {
      const begun = command !== "" && Object.keys(allowed).some((known) => known.startsWith(`${command} `));
      throw new UsageError(
        `There is no command ${JSON.stringify(command)}. tributary-lake ${begun ? `${command} --help shows those that begin so` : "--help lists them"}.`,
      );
    }
    // Every command on the control state opens the lake's secrets.
    const stray = Object.keys(values).find((name) => !takes.includes(name) && name !== "master-key-file");
    if (stray) throw new UsageError(`"${command}" has no option --${stray}.`);
    const run = commands.get(command) ?? ((): Promise<number> => identityCommand(command, values, io));
    return await run(values, io);
  } catch (thrown) {
    const error = systemFailure(thrown) ?? thrown;
    const message = messageOf(error);
    const { code, retryable } = error instanceof TributaryError ? error : { code: undefined, retryable: undefined };
    io.stderr.write(
      json
        ? `${JSON.stringify({ event: "failed", code, retryable, message })}\n`
        : `tributary-lake: ${message}${code === undefined || code === "USAGE" ? "" : ` (${code})`}\n`,
    );
    if (!(error instanceof TributaryError)) return 1;
    return error.code === "USAGE" ? 2 : error.code === "DATA_DIRECTORY_IN_USE" ? 3 : 1;
  }
}
