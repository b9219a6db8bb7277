import { secretsOf } from "@tributary/adapter-kit";
import type { Secrets } from "@tributary/adapter-kit";
import type { DocumentPath, Finding } from "./document-path.ts";

/** What is known while a document is compiled, and what was found wrong with it. */
export class Compilation {
  readonly findings: Finding[] = [];
  /** The zone of times that name none. */
  readonly zone: string;
  /** Whether it is a built-in table that is compiled, and no document of a user. */
  readonly isBuiltIn: boolean;
  readonly #secrets: Secrets;

  constructor(zone: string, redact: readonly string[], isBuiltIn = false) {
    this.zone = zone;
    this.isBuiltIn = isBuiltIn;
    this.#secrets = secretsOf(redact.filter((secret) => !secret.startsWith("/") || isPointer(secret)));
  }

  report(path: DocumentPath, message: string, fix: string): void {
    this.findings.push({ path, message, fix });
  }

  /** The steps of a JSON pointer; of one that is none, with a finding, the steps that could be read. */
  steps(pointer: string, path: DocumentPath): readonly string[] {
    if (!isPointer(pointer))
      this.report(
        path,
        `"${pointer}" is no JSON pointer`,
        'begin it with "/" and write ~0 for ~ and ~1 for a / inside of a name',
      );
    return stepsOf(pointer);
  }

  /** {@link steps} of a pointer whose value must be seen: a secret is masked before the mapping runs. */
  openSteps(pointer: string, path: DocumentPath): readonly string[] {
    const steps = this.steps(pointer, path);
    if (this.#isMasked(steps))
      this.report(
        path,
        `${pointer} is masked as a secret, so that only *** could be read here`,
        "read another member; the masked one is in the rest of the event",
      );
    return steps;
  }

  #isMasked(steps: readonly string[]): boolean {
    return (
      steps.some((step) => this.#secrets.isSecret(step)) ||
      this.#secrets.pointers.some(
        (secret) =>
          secret.length <= steps.length && secret.every((step, index) => step === "*" || step === steps[index]),
      )
    );
  }
}

/** RFC 6901, with at least one step. */
function isPointer(text: string): boolean {
  return /^(?:\/(?:[^~/]|~[01])*)+$/.test(text);
}

/** The steps of a pointer that is one. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
