import { TributaryError } from "@tributary/schema";
import type { ControlCatalog, ControlChange } from "../catalog/control-catalog.ts";
import type { ControlView } from "./control-view.ts";

/** What a decision wants written, and what it answers if that was written. */
export interface Decided<Output> {
  readonly changes: readonly ControlChange[];
  readonly output: Output;
  /** For the operator's log, once written. */
  readonly warnings?: readonly string[];
}

/**
 * Decides on the present state and writes the changes if that state is still the present one; otherwise decides again.
 * So every control operation is serialisable. Throws what the decision throws, or `CONTROL_CONTENTION` (retryable).
 */
export async function changeControl<Output>(
  catalog: Pick<ControlCatalog, "changeControl">,
  fresh: () => Promise<ControlView>,
  decision: (view: ControlView) => Decided<Output>,
  warn: (message: string) => void = () => undefined,
): Promise<Output> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const view = await fresh();
    const { changes, output, warnings = [] } = decision(view);
    if (changes.length === 0) return output;
    const { kind } = await catalog.changeControl(view.state.generation, changes);
    if (kind === "changed") {
      warnings.forEach(warn);
      return output;
    }
  }
  throw new TributaryError("Other changes of the control state kept coming first. Try again.", {
    code: "CONTROL_CONTENTION",
    retryable: true,
  });
}
