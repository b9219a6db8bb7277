import { setTimeout as wait } from "node:timers/promises";
import type { Backfill, Backfills } from "../state/backfills.ts";
import { group, printable } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

const lookMs = 500;

/** Follows a backfill until it is finished or the command is interrupted, and prints what came of it. */
export async function followBackfill(backfills: Backfills, id: number, json: boolean, io: Io): Promise<number> {
  const isTerminal = io.stderr.isTTY === true;
  let backfill = await backfills.one(id);
  while (backfill !== undefined && isUnfinished(backfill) && !io.signal.aborted) {
    if (isTerminal) io.stderr.write(`\r\u001b[2K${told(backfill)}`);
    await wait(lookMs, undefined, { signal: io.signal }).catch(() => undefined);
    backfill = await backfills.one(id);
  }
  if (isTerminal) io.stderr.write("\r\u001b[2K");
  if (backfill === undefined) return exitCodes.queued;
  io.stdout.write(json ? `${JSON.stringify(backfill)}\n` : `${told(backfill)}\n`);
  if (backfill.state === "done") return exitCodes.ok;
  return isUnfinished(backfill) || backfill.state === "cancelled" ? exitCodes.queued : exitCodes.refused;
}

const isUnfinished = ({ state }: Backfill): boolean => state === "asked" || state === "running";

function told({ id, name, state, pages, frames, message }: Backfill): string {
  const why = message === undefined ? "" : `: ${printable(message)}`;
  return `backfill ${id} of ${name}: ${state}, ${group(frames)} records in ${group(pages)} pages stored${why}`;
}
