import { isObject } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** The value if it is a JSON object, else one without members. */
export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
