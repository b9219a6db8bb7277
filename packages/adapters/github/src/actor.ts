import { textAt } from "@tributary/adapter-kit";

/**
 * Who acted. The actor is absent from workflow job events and from anonymous clones of public repositories, and "" on
 * some pushes; git events then still carry the user's number, 0 meaning nobody.
 */
export function actor(record: unknown): { readonly type: string; readonly principalId: string } {
  const name = textAt(record, "actor");
  const bot = textAt(record, "actor_is_bot") === "true" || name?.endsWith("[bot]") === true;
  const who =
    identifier(record, "actor_id") ??
    name ??
    // Of other events the user is whom the action is about.
    (textAt(record, "action")?.startsWith("git.") === true ? identifier(record, "user_id") : undefined) ??
    textAt(record, "external_identity_nameid");
  return {
    type: bot ? "Bot" : (textAt(record, "programmatic_access_type") ?? (who === undefined ? "Anonymous" : "User")),
    principalId: who ?? textAt(record, "business") ?? textAt(record, "org") ?? "unknown",
  };
}

function identifier(record: unknown, key: string): string | undefined {
  const value = textAt(record, key);
  return value === "0" ? undefined : value;
}
