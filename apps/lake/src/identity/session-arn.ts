import type { Role } from "../catalog/control-catalog.ts";

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
export function sessionArn(role: Pick<Role, "accountId" | "name">, sessionName: string): string {
  return `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`;
}

/** Whether AWS would take the name of a session. */
export function isSessionName(text: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(text);
}
