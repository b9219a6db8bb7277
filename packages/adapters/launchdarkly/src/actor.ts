import { textAt } from "@tributary/adapter-kit";
import { usedToken } from "./entries.ts";

/**
 * Who acted: the member, else the access token, else the OAuth application (SCIM provisioning among them), else the
 * generic subject. A member who used a personal token or an application is the member. All may be absent.
 */
export function actor(record: unknown): { readonly type: string; readonly principalId: string } {
  const member = textAt(record, "member", "_id");
  if (member !== undefined) return { type: "Member", principalId: member };
  const token = textAt(record, usedToken, "_id");
  if (token !== undefined)
    return {
      type: textAt(record, usedToken, "serviceToken") === "true" ? "ServiceToken" : "PersonalToken",
      principalId: token,
    };
  const app = textAt(record, "app", "_id");
  if (app !== undefined)
    return { type: textAt(record, "app", "isScim") === "true" ? "ScimApplication" : "Application", principalId: app };
  const subject = textAt(record, "subject", "name");
  return subject === undefined
    ? { type: "Unknown", principalId: "unknown" }
    : { type: "Subject", principalId: subject };
}
