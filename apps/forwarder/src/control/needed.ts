import { TributaryError } from "@tributary/schema";

/** A member that every answer of the API has. Throws `CONTROL_ANSWER_INVALID` where a server leaves it out. */
export function needed(member: string | undefined): string {
  if (member !== undefined) return member;
  throw new TributaryError("The control plane's answer lacks a member that the API always has.", {
    code: "CONTROL_ANSWER_INVALID",
  });
}
