import { compact } from "@tributary/adapter-kit";
import type { Json, JsonObject, Taking } from "@tributary/adapter-kit";

/** What an event is about: members whose names begin so, `app_id`, `app_name`, `role_id` ... */
const prefixes = ["user_", "app_", "role_", "group_", "policy_", "directory_", "otp_device_"];

/** The members that name what was acted upon and are not null, taken; undefined when there is none. */
export function targets(record: object, take: Taking): JsonObject | undefined {
  const found: { [key: string]: Json | undefined } = {};
  for (const key of Object.keys(record))
    if (key !== "user_agent" && prefixes.some((prefix) => key.startsWith(prefix))) found[key] = take.value(key);
  return compact(found);
}
