import { textAt } from "@tributary/adapter-kit";

/**
 * The kind of who acted: a user, a system (`actor_system`, for instance a directory's name) where no user did, an API client
 * where neither did. On a login the user acted upon is the one who logs in, and often stands alone.
 */
export function actorType(record: unknown): string {
  const named = (...keys: readonly string[]) => keys.some((key) => textAt(record, key) !== undefined);
  if (named("actor_user_id")) return "User";
  if (named("actor_system")) return "System";
  if (named("client_id", "api_credential_name")) return "APIClient";
  return named("user_id", "actor_user_name", "login_name") ? "User" : "Unknown";
}
