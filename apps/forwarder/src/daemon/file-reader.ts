import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import { findInputs, type Input } from "../input/input.ts";
import { openInput } from "../pipeline/open-input.ts";
import { readInput } from "../pipeline/read-input.ts";
import { expandPattern } from "../tail/expand-pattern.ts";
import type { Intake } from "./intake.ts";

export interface FileReaderOptions {
  readonly plan: IntegrationPlan;
  readonly intake: Intake;
  readonly clock: Clock;
  /** Told of a file that cannot be read, or not to its end. */
  readonly onProblem: (error: unknown, file: string) => void;
  readonly onRead: (file: string) => void;
}

/**
 * Reads an integration's files once, each from where it was read before: what was appended since is new, what was rewritten is
 * read from its start. One file's trouble stops no other. Throws `STATE_FAILED` alone.
 */
export async function readFiles(options: FileReaderOptions, signal: AbortSignal): Promise<void> {
  const { plan, onProblem } = options;
  for (const pattern of plan.files?.paths ?? []) {
    const paths = expandPattern(pattern);
    if (paths.length === 0)
      onProblem(new TributaryError(`${pattern} names no file.`, { code: "INPUT_NOT_FOUND" }), pattern);
    for (const path of paths)
      try {
        for (const input of await findInputs([path], nothing())) {
          if (signal.aborted) return;
          await readFile(input, options, signal);
        }
      } catch (error) {
        if (isOfTheState(error)) throw error;
        onProblem(error, path);
      }
  }
}

const isOfTheState = (error: unknown): boolean => error instanceof TributaryError && error.code === "STATE_FAILED";

async function readFile(
  input: Input,
  { plan, intake, clock, onProblem, onRead }: FileReaderOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { format, bytes } = await openInput(input, plan.adapter, plan.files?.format);
    if (format === undefined) return;
    await intake.room(signal);
    const { adapter } = plan;
    const end = await readInput(input, { format, bytes }, { adapter, store: intake.store, clock }, async (chunk) => {
      const { spooled, cursor, overlong } = chunk;
      await intake.commit({
        spool: [spooled],
        cursors: [cursor],
        ...(overlong !== undefined && {
          overlongOf: overlong.map((frame) => ({ chunk: spooled.id, ...frame })),
          overlongDone: cursor.position,
        }),
      });
      await intake.room(signal);
      return !signal.aborted;
    });
    if (end !== undefined) onRead(input.name);
  } catch (error) {
    if (isOfTheState(error)) throw error;
    onProblem(error, input.name);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {
  // Standard input is no source of a daemon.
}
