import { constants } from "node:os";
import { Interrupted } from "../core/interrupted.ts";

/** How a run is ended from outside: the first signal lets it delete what it made, the second ends it at once. */
export class Interruption {
  readonly #controller = new AbortController();
  #name: NodeJS.Signals | undefined;
  /** What stands at the subject and is the run's to delete. */
  left: () => readonly string[] = () => [];

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 and the signal's number, as a shell has it; undefined when no signal came. */
  get exitCode(): number | undefined {
    return this.#name === undefined ? undefined : 128 + constants.signals[this.#name];
  }

  /** @param end ends the process */
  receive(name: NodeJS.Signals, stderr: { readonly write: (text: string) => unknown }, end: () => void): void {
    if (this.#name === undefined) {
      this.#name = name;
      stderr.write(`${name}: what was made is deleted; a second signal ends at once.\n`);
      this.#controller.abort(new Interrupted(name));
      return;
    }
    const left = this.left();
    if (left.length > 0) stderr.write(`${leftBehind(left)}\n`);
    end();
  }
}

/** What somebody else has to delete. */
export const leftBehind = (arns: readonly string[]): string => `Left behind, delete it yourself: ${arns.join(", ")}`;
