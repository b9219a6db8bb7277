import type { Caller } from "../control/caller-identity.ts";
import { ControlError } from "../control/control-error.ts";
import type { ControlPlane } from "../control/control-plane.ts";
import { messageOf } from "../config/message-of.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** Who the forwarder is to the server, as its token service says. */
export async function checkCaller(
  subject: string,
  control: ControlPlane,
): Promise<{ readonly caller: Caller | undefined; readonly finding: Finding }> {
  const { ok, problem, notKnown } = findingsOf(subject);
  try {
    const caller = await control.caller();
    return { caller, finding: ok("credentials", `they are ${caller.arn}'s`) };
  } catch (error) {
    const lacks = error instanceof ControlError && error.code.startsWith("CREDENTIALS_");
    const finding = lacks
      ? problem(
          "credentials",
          messageOf(error),
          "Give the forwarder credentials that the server knows.",
          "Every delivery is refused.",
        )
      : notKnown("credentials", `who the caller is: ${messageOf(error)}`);
    return { caller: undefined, finding };
  }
}
