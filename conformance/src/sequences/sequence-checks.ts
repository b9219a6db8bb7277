import type { Check, Tools } from "../core/check.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { play } from "./play.ts";
import { Stage } from "./stage.ts";
import { steps } from "./steps.ts";

/** Spec 2.3 to 2.6: what operations do to each other, held against the reference lake step by step. */
export const sequenceChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/sequences/any",
    needs: ["control-plane", "own-store"],
    run: (world, tools) => search(world, tools, false),
  },
  {
    clause: "channels/sequences/while-time-passes",
    needs: ["control-plane", "own-store", "clock"],
    run: (world, tools) => search(world, tools, true),
  },
];

async function search(world: ServerWorld, { property }: Tools, withTime: boolean): Promise<void> {
  const stage = await Stage.open(world);
  await leaving(stage, () =>
    property(
      steps(withTime),
      async (sequence, witness) => {
        if ((await play(world, stage, sequence)) > 1) witness();
      },
      {
        // Days pass on a reference lake alone, where requests cost nothing; elsewhere a sequence is dozens of them.
        share: withTime ? 1.5 : 1 / 3,
        show: (sequence) => sequence.map(({ text }) => text).join("; "),
      },
    ),
  );
}

/** Leaves the stage as it was found. What the search found counts more than that it cannot. */
async function leaving(stage: Stage, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    await stage.close().catch(() => undefined);
    throw error;
  }
  await stage.close();
}
