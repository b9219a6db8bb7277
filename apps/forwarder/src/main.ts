import type { Io } from "./commands/command.ts";
import { commandList } from "./commands/command-list.ts";
import { exitCodeHelp, exitCodeOf, exitCodes } from "./commands/exit-codes.ts";
import { printable } from "./terminal/table.ts";
import { version } from "./version.ts";

/** The `tributary` command line. Answers the exit code (exit-codes.ts); never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const asked = commandList.find((command) => command.name === rest[0]);
    io.stdout.write(asked === undefined ? overview() : (await asked.load()).help);
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (name === "--version") {
    io.stdout.write(`${version()}\n`);
    return exitCodes.ok;
  }
  const listed = commandList.find((known) => known.name === name);
  if (listed === undefined) {
    io.stderr.write(
      `tributary ${printable(name)} does not exist. There is: ${commandList.map((known) => known.name).join(", ")}.\n`,
    );
    return exitCodes.usage;
  }
  try {
    const command = await listed.load();
    if (!rest.includes("--help") && !rest.includes("-h")) return await command.run(rest, io);
    io.stdout.write(command.help);
    return exitCodes.ok;
  } catch (error) {
    return await explain(listed.name, error, io);
  }
}

async function explain(command: string, error: unknown, io: Io): Promise<number> {
  const { TributaryError } = await import("@tributary/schema");
  if (!(error instanceof TributaryError)) {
    const isState = error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
    io.stderr.write(
      `tributary ${command}: ${isState ? "the state cannot be used: " : ""}${printable(error instanceof Error ? (isState ? error.message : (error.stack ?? error.message)) : String(error))}\n`,
    );
    return isState ? exitCodes.state : exitCodes.internal;
  }
  io.stderr.write(`tributary ${command}: ${printable(error.message)}\n`);
  if (error.code === "USAGE") io.stderr.write(`See tributary ${command} --help.\n`);
  return exitCodeOf(error.code);
}

function overview(): string {
  const width = Math.max(...commandList.map((command) => command.name.length));
  const list = commandList.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`).join("\n");
  return `tributary: ships audit records to CloudTrail Lake, AWS's or your own.\n\n${list}\n\ntributary COMMAND --help tells more; tributary --version prints the version.\n\n${exitCodeHelp}\n`;
}
