import { readFileSync } from "node:fs";
import { askerOf, Interrupted } from "./ask.ts";
import type { Asker } from "./ask.ts";
import { readCommandLine } from "./command-line.ts";
import type { CommandLine } from "./command-line.ts";
import { CreateAdapterError } from "./create-adapter-error.ts";
import type { CreateAdapterErrorCode } from "./create-adapter-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { help } from "./help.ts";
import type { Io } from "./io.ts";
import { readHead } from "./read-head.ts";
import { report } from "./report.ts";
import { madeUpSample } from "./samples/made-up-sample.ts";
import { readSamples } from "./samples/read-samples.ts";
import type { Samples } from "./samples/samples.ts";
import { scaffold } from "./scaffold.ts";
import { wishesOf } from "./wishes.ts";
import type { Wishes } from "./wishes.ts";
import { checkDirectory, writePackage } from "./write-package.ts";

/** A proposal looks at the beginning of a file alone. */
const maxSampleBytes = 16 * 1024 * 1024;

/** The command line `create-adapter`. Answers the exit code (exit-codes.ts); never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const given = readCommandLine(argv);
    if (given.help || given.version) {
      io.stdout.write(given.help ? help : `${version()}\n`);
      return exitCodes.ok;
    }
    const wishes = await wishesFrom(given, io);
    checkDirectory(wishes.directory);
    const samples = samplesOf(wishes);
    if (wishes.samples !== undefined) io.stderr.write(warning(wishes));
    if (samples.unread > 0)
      io.stderr.write(`${samples.unread} records of the sample file could not be read; they are left out.\n`);
    const made = scaffold(wishes, samples, wishes);
    if (made.fixtures.length === 0)
      throw new CreateAdapterError(
        "SAMPLES_NOT_USABLE",
        "No sample becomes an event, so that no fixture can be made. Give other samples: records with a time.",
      );
    writePackage(wishes.directory, made.files);
    io.stdout.write(report(made, wishes.directory));
    return exitCodes.ok;
  } catch (error) {
    return explained(error, io);
  }
}

async function wishesFrom(given: CommandLine, io: Io): Promise<Wishes> {
  let asker: Asker | undefined;
  try {
    if (io.isTerminal && !given.yes) asker = askerOf(io);
    return await wishesOf(given, io.cwd, asker);
  } finally {
    asker?.close();
  }
}

function samplesOf({ samples }: Wishes): Samples {
  if (samples === undefined) return readSamples(new TextEncoder().encode(madeUpSample));
  const { bytes, isCut } = readHead(samples, maxSampleBytes);
  return readSamples(bytes, { isCut });
}

function warning({ keepValues }: Wishes): string {
  return keepValues
    ? "Warning: samples may hold secrets and personal data, and --keep-values writes them to test/fixtures as they are.\nLook at every file there before you commit or publish.\n"
    : "Samples may hold secrets and personal data: in test/fixtures made-up values stand for theirs. The names of members stay.\nLook at them before you commit or publish.\n";
}

const codes: Readonly<Record<CreateAdapterErrorCode, number>> = {
  USAGE: exitCodes.usage,
  DIRECTORY_NOT_USABLE: exitCodes.directory,
  SAMPLES_NOT_USABLE: exitCodes.samples,
};

function explained(error: unknown, { stderr }: Io): number {
  if (error instanceof Interrupted) {
    stderr.write("\nInterrupted; nothing was written.\n");
    return exitCodes.interrupted;
  }
  if (error instanceof CreateAdapterError) {
    stderr.write(`create-adapter: ${error.message}\n`);
    return Object.entries(codes).find(([code]) => code === error.code)?.[1] ?? exitCodes.internal;
  }
  stderr.write(`create-adapter: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.internal;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "";
}
