import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import { FileFollower } from "./file-follower.ts";
import type { Intake } from "./intake.ts";
import { IntakeSink } from "./intake-sink.ts";
import { type ObjectCounts, ObjectFollower } from "./object-follower.ts";
import type { Parking } from "./parking.ts";

export interface FollowersOptions {
  readonly plan: IntegrationPlan;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly parkings: Readonly<Record<"files" | "s3", Parking>>;
  /** Told of a file, an object or a message that cannot be read. */
  readonly onProblem: (part: "files" | "s3", error: unknown, name: string) => void;
  /** Told when what a part said with a code is over. */
  readonly onOver: (part: "files", code: string) => void;
}

/** The sources of an integration that have places: its files and its objects. */
export class Followers {
  readonly #files: FileFollower | undefined;
  readonly #objects: ObjectFollower | undefined;

  constructor({ plan, intake, clock, parkings, onProblem, onOver }: FollowersOptions) {
    const common = { plan, clock, sink: new IntakeSink(intake) };
    if (plan.files !== undefined)
      this.#files = new FileFollower(
        {
          ...common,
          parking: parkings.files,
          onProblem: (error, path) => onProblem("files", error, path),
          onOver: (code) => onOver("files", code),
        },
        plan.files,
      );
    if (plan.s3 !== undefined)
      this.#objects = new ObjectFollower(
        { ...common, parking: parkings.s3, onProblem: (error, name) => onProblem("s3", error, name) },
        plan.s3,
      );
  }

  /** Undefined for what the integration has not. */
  get counts(): { readonly files: FileFollower["counts"] | undefined; readonly objects: ObjectCounts | undefined } {
    return { files: this.#files?.counts, objects: this.#objects?.counts };
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#files?.run(signal), this.#objects?.run(signal)]);
  }
}
