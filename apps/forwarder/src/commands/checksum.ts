import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { TributaryError } from "@tributary/schema";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary checksum [--json] [FILE|-]

Prints the eventDataChecksum of exactly the bytes of a file or of standard input: Base64 of SHA-256, nothing trimmed.
The same as: printf %s "$eventData" | openssl dgst -binary -sha256 | base64

  --json  {"checksum": ..., "endsWithNewline": true or false}

Examples:
  tributary checksum event.json
  printf %s "$eventData" | tributary checksum

Exit codes: 0, 2 for a wrong command line or an input that cannot be read.
`;

export const checksumCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = parseCommandLine(argv, { json: { type: "boolean" } });
    if (positionals.length > 1) throw usageError("checksum takes one file.");
    const file = positionals[0] ?? "-";
    const digest = createHash("sha256");
    let last: number | undefined;
    try {
      for await (const chunk of (file === "-" ? io.stdin : createReadStream(file)) as AsyncIterable<Buffer>) {
        digest.update(chunk);
        last = chunk.at(-1) ?? last;
      }
    } catch (cause) {
      throw new TributaryError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
        code: "INPUT_NOT_FOUND",
        cause,
      });
    }
    const checksum = digest.digest("base64");
    const endsWithNewline = last === 0x0a;
    io.stdout.write(values.json === true ? `${JSON.stringify({ checksum, endsWithNewline })}\n` : `${checksum}\n`);
    if (endsWithNewline && values.json !== true)
      io.stderr.write(
        "Note: the input ends with a newline, and the checksum covers it. printf %s and echo -n write none.\n",
      );
    return exitCodes.ok;
  },
};
