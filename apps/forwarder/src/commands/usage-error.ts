import { parseArgs, type ParseArgsConfig } from "node:util";
import { TributaryError } from "@tributary/schema";

/** A wrong command line: exit code 2. */
export function usageError(message: string): TributaryError {
  return new TributaryError(message, { code: "USAGE" });
}

/** node:util parseArgs, whose complaints are usage errors. */
export function parseCommandLine<const T extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number option within bounds. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value < min || value > max)
    throw usageError(`--${name} takes a whole number from ${min} to ${max}, not ${text}.`);
  return value;
}
