import { textAt } from "@tributary/adapter-kit";

/** Who acted, and the member of the entry that names them. */
export interface Actor {
  readonly type: string;
  readonly principalId: string;
  readonly member?: "user" | "serviceAccount" | "performer";
}

/**
 * Who acted: the user, else the service account, else the performer that newer schemas name, else who tried to log in.
 * System actions and automations name nobody.
 */
export function actor(entry: unknown): Actor {
  const user = textAt(entry, "user", "id");
  if (user !== undefined) return { type: "User", principalId: user, member: "user" };
  const serviceAccount = textAt(entry, "serviceAccount", "id");
  if (serviceAccount !== undefined)
    return { type: "ServiceAccount", principalId: serviceAccount, member: "serviceAccount" };
  const performer = textAt(entry, "performer", "id");
  if (performer !== undefined) return { type: "Performer", principalId: performer, member: "performer" };
  const login = textAt(entry, "actionParameters", "userID");
  if (login === undefined) return { type: "System", principalId: "system" };
  const pool = textAt(entry, "actionParameters", "userPoolType");
  return { type: pool === "sa" ? "ServiceAccount" : "User", principalId: login };
}
