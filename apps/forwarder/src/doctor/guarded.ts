import { messageOf } from "../config/message-of.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** What a look finds; where it throws, that it could not look: one fault must not hide what others find. */
export async function guarded(
  subject: string,
  check: string,
  look: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [findingsOf(subject).notKnown(check, `it could not be looked at: ${messageOf(error)}`)];
  }
}
