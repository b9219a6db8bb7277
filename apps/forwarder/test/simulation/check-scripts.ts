import * as fc from "fast-check";
import { type Fault, none } from "./fault.ts";
import { play } from "./play.ts";
import { script, type Script } from "./script.ts";
import { inTurns } from "./turns.ts";

export interface ScriptsOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of a shrunk counterexample, as a failure prints it. */
  readonly path?: string | undefined;
  readonly fault?: Fault;
  /** Without it the first script that fails is made as small as it can be. */
  readonly asFound?: boolean;
}

/** Plays scripts until one fails. Answers what failed, and how to repeat it. */
export async function checkScripts({ runs, seed, path, fault = none, asFound = false }: ScriptsOptions) {
  const sum = { scripts: 0, processes: 0, records: 0, requests: 0, seconds: 0 };
  const takeBack = fault.plant?.();
  try {
    const result = await inTurns(() =>
      fc.check(
        fc.asyncProperty(script, async (one: Script) => {
          const world = await play(one, fault);
          sum.scripts++;
          sum.processes += world.processes.length;
          sum.records += world.issued;
          sum.requests += [...world.lakes.values()].reduce((count, { requests }) => count + requests, 0);
          sum.seconds += world.timeline.elapsed / 1000;
        }),
        { numRuns: runs, seed, endOnFailure: asFound, ...(path === undefined ? {} : { path }) },
      ),
    );
    const report = result.failed
      ? `TRIBUTARY_SEED=${seed} TRIBUTARY_PATH=${result.counterexamplePath ?? ""}\n${fc.defaultReportMessage(result)}\n${String(result.errorInstance)}`
      : "";
    return { ...sum, failed: result.failed, report };
  } finally {
    takeBack?.();
  }
}
