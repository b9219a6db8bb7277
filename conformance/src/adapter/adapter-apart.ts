import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check } from "../core/check.ts";
import { Unmet } from "../core/unmet.ts";
import type { AdapterTask, AdapterWord } from "./adapter-process.ts";

const entry = fileURLToPath(new URL(`./adapter-process${extname(import.meta.url)}`, import.meta.url));

/** An adapter in a process of its own: one that never ends, or takes its process with it, does not take the suite along. */
export class AdapterApart {
  readonly #task: AdapterTask;
  #child: ChildProcess | undefined;

  constructor(task: AdapterTask) {
    this.#task = task;
  }

  /** The checks of the profile `adapter`. Rejects with the reason when it is no adapter. */
  async checks(): Promise<readonly Check<undefined>[]> {
    return (await this.#start()).map((clause) => ({ clause, run: () => this.#judge(clause) }));
  }

  /** Ends the process, and whatever it started. */
  close(): void {
    const { pid } = this.#child ?? {};
    this.#child = undefined;
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  /** Answers the clauses that it can check. */
  async #start(): Promise<readonly string[]> {
    this.#child = fork(entry, [JSON.stringify(this.#task)], {
      detached: true,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const word = await this.#next();
    if ("clauses" in word) return word.clauses;
    throw new Error("unusable" in word ? word.unusable : "The adapter's process does not answer");
  }

  async #judge(clause: string): Promise<void> {
    if (this.#child === undefined) await this.#start();
    const coming = this.#next();
    this.#child?.send(clause);
    const word = await coming;
    if ("unmet" in word && word.unmet !== undefined)
      throw new Unmet(word.unmet.expected, word.unmet.got, word.unmet.found);
  }

  /** The next word. Throws `Unmet` when the process ends instead. */
  #next(): Promise<AdapterWord> {
    const child = this.#child!;
    return new Promise((resolve, reject) => {
      const onMessage = (word: unknown) => {
        child.off("exit", onExit);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own process
        resolve(word as AdapterWord);
      };
      const onExit = (code: number | null, signal: string | null) => {
        child.off("message", onMessage);
        if (this.#child === child) this.#child = undefined;
        reject(new Unmet("an adapter that answers", `its process ended (${signal ?? `exit code ${code}`})`));
      };
      child.once("message", onMessage);
      child.once("exit", onExit);
    });
  }
}
