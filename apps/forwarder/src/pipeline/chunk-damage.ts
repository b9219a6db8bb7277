import type { SpooledChunk } from "../state/store.ts";

/** A chunk that could not be read back from the state as it was written. */
export interface ChunkDamage extends Pick<SpooledChunk, "source" | "offsets"> {
  /** Records that are dead of it; 0 where only its mapped events were damaged, and it was mapped again. */
  readonly lost: number;
}

/** What a person is told of it. */
export function damageText({ source, offsets: [first, last], lost }: ChunkDamage): string {
  const what = `What the state held of ${source}, bytes ${first} to ${last}, was changed by the disk or something else`;
  return lost === 0
    ? `${what}: it was mapped again, and nothing is lost. Check the disk.`
    : `${what}: ${lost} records are dead (tributary dlq ls --reason STATE_DAMAGED), the others go on. Check the disk; read the source again if it still has them.`;
}
