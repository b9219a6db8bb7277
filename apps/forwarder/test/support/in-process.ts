import { PassThrough, Writable } from "node:stream";
import { vi } from "vitest";
import { main } from "../../src/main.ts";
import type { Io } from "../../src/commands/command.ts";

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, one at a time: AWS's clients read the environment of the process. */
export async function inProcess(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  io: Partial<Io> = {},
): Promise<Output> {
  const told = { stdout: "", stderr: "" };
  const nowhere = {
    HOME: "/nonexistent",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
  };
  for (const [name, value] of Object.entries({ ...nowhere, AWS_EC2_METADATA_DISABLED: "true", ...env }))
    vi.stubEnv(name, value);
  try {
    const code = await main(argv, {
      stdin: new PassThrough(),
      stdout: sink((text) => (told.stdout += text)),
      stderr: sink((text) => (told.stderr += text)),
      env: { ...process.env },
      signal: new AbortController().signal,
      ...io,
    });
    return { code, ...told };
  } finally {
    vi.unstubAllEnvs();
  }
}

/** A writable that hands on what is written. */
export function sink(tell: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      tell(String(chunk));
      done();
    },
  });
}

/** A terminal at which somebody types an answer to each question. @param asked gets the questions */
export function terminal(answers: readonly string[], asked: string[]): Pick<Io, "stdin" | "stderr"> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = sink((text) => {
    if (!text.endsWith(": ")) return;
    asked.push(text);
    stdin.write(`${answers[asked.length - 1] ?? ""}\n`);
  });
  return { stdin, stderr };
}
