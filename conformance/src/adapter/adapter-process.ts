import { configureGlobal } from "fast-check";
import type { Check } from "../core/check.ts";
import { Unmet } from "../core/unmet.ts";
import { adapterChecks } from "./adapter-checks.ts";
import { type AdapterName, loadAdapter } from "./load-adapter.ts";

/** What the process is started with, as JSON: the adapter, its fixtures, how much is searched. */
export interface AdapterTask {
  readonly name: AdapterName;
  readonly fixtures: string;
  readonly runs: number | undefined;
  /** Of its searches. */
  readonly seed: number;
  /** Where an earlier search ended. */
  readonly path: string | undefined;
}

/** What it says: first which clauses it can check, then how each ended that it was asked for. */
export type AdapterWord =
  | { readonly clauses: readonly string[] }
  | { readonly unusable: string }
  | { readonly clause: string; readonly unmet?: Pick<Unmet, "expected" | "got" | "found"> };

const say = (word: AdapterWord): void => void process.send?.(word);

/** Answers the clauses that it is asked for, one after the other. */
async function serve({ name, fixtures, runs, seed, path }: AdapterTask): Promise<void> {
  configureGlobal({ seed, ...(path !== undefined && { path }) });
  let checks: readonly Check<undefined>[];
  try {
    checks = adapterChecks(await loadAdapter(name), fixtures, runs);
  } catch (error) {
    return say({ unusable: error instanceof Error ? error.message : String(error) });
  }
  process.on("message", (clause) => void judge(checks, String(clause)));
  say({ clauses: checks.map(({ clause }) => clause) });
}

async function judge(checks: readonly Check<undefined>[], clause: string): Promise<void> {
  try {
    await checks
      .find((one) => one.clause === clause)
      ?.run(undefined, { property: () => Promise.reject(new Error("The kit searches by itself")) });
    say({ clause });
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    const { expected, got, found } = error;
    say({ clause, unmet: { expected, got, found } });
  }
}

process.on("disconnect", () => process.exit());
const task: AdapterTask = JSON.parse(process.argv[2] ?? "");
await serve(task);
