import { parseArgs } from "node:util";
import { CreateAdapterError } from "./create-adapter-error.ts";

/** A command line as it was given. */
export interface CommandLine {
  readonly name?: string | undefined;
  readonly displayName?: string | undefined;
  readonly source?: string | undefined;
  readonly samples?: string | undefined;
  readonly directory?: string | undefined;
  readonly keepValues: boolean;
  readonly yes: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

const options = {
  name: { type: "string" },
  "display-name": { type: "string" },
  source: { type: "string" },
  samples: { type: "string" },
  directory: { type: "string" },
  "keep-values": { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", default: false },
} as const;

/** Reads a command line. Throws `USAGE` for an unknown option, a missing value or two names. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { values, positionals } = parsed(argv);
  const { "display-name": displayName, "keep-values": keepValues, name: named, ...plain } = values;
  const [name, ...more] = [...positionals, ...(named === undefined ? [] : [named])];
  if (more.length > 0) throw new CreateAdapterError("USAGE", "Give one name: NAME or --name.");
  return { ...plain, name, displayName, keepValues };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CreateAdapterError("USAGE", error instanceof Error ? error.message : String(error));
  }
}
