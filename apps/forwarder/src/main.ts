import { readFileSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import { adaptersCommand } from "./commands/adapters.ts";
import { checkCommand } from "./commands/check.ts";
import { checksumCommand } from "./commands/checksum.ts";
import type { Command, Io } from "./commands/command.ts";
import { dlqCommand } from "./commands/dlq.ts";
import { exitCodeHelp, exitCodes } from "./commands/exit-codes.ts";
import { forwardCommand } from "./commands/forward.ts";
import { initCommand } from "./commands/init.ts";
import { previewCommand } from "./commands/preview.ts";
import { putCommand } from "./commands/put.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { printable } from "./terminal/table.ts";

const commands: readonly Command[] = [
  forwardCommand,
  runCommand,
  initCommand,
  checkCommand,
  statusCommand,
  previewCommand,
  putCommand,
  checksumCommand,
  adaptersCommand,
  dlqCommand,
];

/** The `tributary` command line. Answers the exit code (exit-codes.ts); never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const asked = commands.find((command) => command.name === rest[0]);
    io.stdout.write(asked?.help ?? overview());
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (name === "--version") {
    io.stdout.write(`${version()}\n`);
    return exitCodes.ok;
  }
  const command = commands.find((known) => known.name === name);
  if (command === undefined) {
    io.stderr.write(
      `tributary ${printable(name)} does not exist. There is: ${commands.map((known) => known.name).join(", ")}.\n`,
    );
    return exitCodes.usage;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.stdout.write(command.help);
    return exitCodes.ok;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    return explain(command.name, error, io);
  }
}

function explain(command: string, error: unknown, io: Io): number {
  if (!(error instanceof TributaryError)) {
    const isState = error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
    io.stderr.write(
      `tributary ${command}: ${isState ? "the state cannot be used: " : ""}${printable(error instanceof Error ? (isState ? error.message : (error.stack ?? error.message)) : String(error))}\n`,
    );
    return isState ? exitCodes.state : exitCodes.internal;
  }
  io.stderr.write(`tributary ${command}: ${printable(error.message)}\n`);
  if (error.code.startsWith("STATE_")) return exitCodes.state;
  if (error.code === "USAGE") io.stderr.write(`See tributary ${command} --help.\n`);
  return exitCodes.usage;
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const list = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`).join("\n");
  return `tributary: ships audit records to CloudTrail Lake, AWS's or your own.\n\n${list}\n\ntributary COMMAND --help tells more.\n\n${exitCodeHelp}\n`;
}

function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return manifest.version;
}
