import { seededRandom } from "../src/delivery/back-off.ts";
import { forwardLane } from "./forward-lane.ts";
import { killMoment } from "./kill-moment.ts";
import type { Lane, LaneOptions } from "./lane.ts";
import { runLane } from "./run-lane.ts";

export interface Verdict {
  readonly records: number;
  readonly rounds: number;
  /** Kills that found a write uncommitted or a request unanswered. */
  readonly counted: number;
  /** What was unfinished, and how often. */
  readonly stages: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly problems: readonly string[];
}

/** Two files that are forwarded and two daemons, each with a state of its own. */
export const fourLanes = [
  { sources: false, open: (options: LaneOptions) => forwardLane(25_000, options) },
  { sources: true, open: (options: LaneOptions) => runLane(100, options) },
  { sources: false, open: (options: LaneOptions) => forwardLane(25_000, options) },
  { sources: true, open: (options: LaneOptions) => runLane(100, options) },
] as const;

/** The same before a lake of the product. */
export const twoLanesBeforeLake = [
  { sources: false, open: (options: LaneOptions) => forwardLane(6000, { ...options, realLake: true }) },
  { sources: true, open: (options: LaneOptions) => runLane(100, { ...options, realLake: true }) },
] as const;

/**
 * Kills processes until `wanted` of the kills counted, all lanes side by side, then lets every lane finish and judges it.
 */
export async function killRounds(options: {
  readonly wanted: number;
  readonly seed: number;
  readonly hasStrace: boolean;
  /** `sources` for those with a poller and a webhook. */
  readonly lanes?: readonly { readonly sources: boolean; readonly open: (options: LaneOptions) => Promise<Lane> }[];
  readonly program?: string | undefined;
  readonly env?: Record<string, string> | undefined;
}): Promise<Verdict> {
  const { wanted, seed, hasStrace, program, env } = options;
  const startedAt = performance.now();
  const stages = new Map<string, number>();
  let counted = 0;
  let rounds = 0;
  const ends = await Promise.all(
    (options.lanes ?? fourLanes).map(async ({ sources, open }, index) => {
      const random = seededRandom(seed + index);
      const lane = await open({ random, hasStrace, program, env });
      try {
        while (counted < wanted && rounds < wanted * 4) {
          rounds++;
          const struck = await lane.live(killMoment(random, { strace: hasStrace, sources }));
          if (struck === undefined) continue;
          counted++;
          stages.set(struck, (stages.get(struck) ?? 0) + 1);
        }
        const problems = await lane.finish();
        return { records: lane.records, problems: problems.map((problem) => `lane ${index}: ${problem}`) };
      } finally {
        await lane.end();
      }
    }),
  );
  return {
    records: ends.reduce((sum, end) => sum + end.records, 0),
    rounds,
    counted,
    stages: Object.fromEntries([...stages].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    seconds: Math.round((performance.now() - startedAt) / 1000),
    problems: ends.flatMap((end) => end.problems),
  };
}
