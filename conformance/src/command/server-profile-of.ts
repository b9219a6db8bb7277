import { type Profile, profiles } from "../core/clause.ts";
import { serverProfiles } from "../server/server-profile.ts";
import { UsageError } from "./usage-error.ts";

/** A profile of a server by its name. Throws `UsageError`. @param others what else could have stood there */
export function serverProfile(name: string, others: readonly string[] = []): Profile {
  const profile = profiles.find((one) => one === name && serverProfiles[one] !== undefined);
  if (profile !== undefined) return profile;
  throw new UsageError(`${name} is no profile. There are: ${[...Object.keys(serverProfiles), ...others].join(", ")}.`);
}
