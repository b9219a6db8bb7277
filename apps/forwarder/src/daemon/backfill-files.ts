import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import { findInputs, type Input } from "../input/input.ts";
import { openInput } from "../pipeline/open-input.ts";
import { readInput } from "../pipeline/read-input.ts";
import { expandPattern } from "../tail/expand-pattern.ts";

import type { Intake } from "./intake.ts";

export interface BackfillFilesOptions {
  readonly plan: IntegrationPlan;
  readonly intake: Intake;
  readonly clock: Clock;
  /** Of the backfill: it has places of its own in the files, and leaves those of the live reader alone. */
  readonly id: number;
  readonly patterns: readonly string[];
}

/** Reads files from their start, each to its end, in the order of their names. Throws what the first unreadable one says. */
export async function backfillFiles(options: BackfillFilesOptions, signal: AbortSignal): Promise<void> {
  const paths = options.patterns.flatMap((pattern) => expandPattern(pattern));
  if (paths.length === 0)
    throw new TributaryError(`${options.patterns.join(", ")} names no file.`, { code: "INPUT_NOT_FOUND" });
  for (const path of paths)
    for (const input of await findInputs([path], nothing())) {
      if (signal.aborted) return;
      await backfillFile(input, options, signal);
    }
}

async function backfillFile(
  input: Input,
  { plan, intake, clock, id }: BackfillFilesOptions,
  signal: AbortSignal,
): Promise<void> {
  const { adapter } = plan;
  const { store } = intake;
  const source = `backfill:${id}:${input.source}`;
  const known = await store.cursor(source);
  if (known?.done === true) return;
  if (known === undefined) {
    // The same origin as the live reader gave the file: then its records become the same bytes.
    const receivedAt = (await store.cursor(input.source))?.receivedAt ?? new Date(clock.now()).toISOString();
    const first = { source, position: 0, digest: new Uint8Array(), receivedAt, done: false };
    await intake.commit({ cursors: [first] });
  }
  const { format, bytes } = await openInput(input, adapter, plan.files?.format);
  if (format === undefined) return;
  await intake.room(signal);
  // Apart as the live reader tells them: its records are known then.
  const options = { adapter, store, clock, apartBy: "place" } as const;
  const end = await readInput({ ...input, source }, { format, bytes }, options, async (chunk) => {
    const { spooled, frames, cursor, overlong } = chunk;
    await intake.commit({
      spool: [{ ...spooled, source: input.source }],
      cursors: [cursor],
      backfill: { id, cursor: undefined, frames: frames.length, at: clock.now() },
      ...(overlong !== undefined && {
        overlongOf: overlong.map((frame) => ({ chunk: spooled.id, ...frame })),
        overlongDone: cursor.position,
      }),
    });
    await intake.room(signal);
    return !signal.aborted;
  });
  if (end !== undefined) await intake.commit({ cursors: [{ ...end.cursor, done: true }] });
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {
  // Standard input is no source of a daemon.
}
