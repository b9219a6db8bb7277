import { type CommandValues, UsageError } from "./command.ts";

/** The value of an option that is one of a few words; undefined when it was not given. Throws `USAGE`. */
export function oneOf<Value extends string>(
  values: CommandValues,
  name: "quotas" | "external-id-mode" | "access-log",
  allowed: readonly Value[],
): Value | undefined {
  const given = values[name];
  const found = allowed.find((value) => value === given);
  if (given !== undefined && found === undefined) throw new UsageError(`--${name} can be ${allowed.join(" or ")}.`);
  return found;
}
