import { statSync } from "node:fs";
import { resolve } from "node:path";
import { findSource, sources } from "@tributary/schema";
import type { Asker } from "./ask.ts";
import type { CommandLine } from "./command-line.ts";
import { CreateAdapterError } from "./create-adapter-error.ts";
import type { Identity } from "./proposal/identity.ts";

/** What the author wants. */
export interface Wishes extends Identity {
  /** Absolute. */
  readonly directory: string;
  /** Absolute; undefined for the made-up sample. */
  readonly samples: string | undefined;
  readonly keepValues: boolean;
}

/**
 * A command line completed by answers, or by defaults where nobody is asked. Throws `USAGE` for a value that cannot be, and where
 * the name is missing and nobody can be asked for it.
 */
export async function wishesOf(given: CommandLine, cwd: string, asker: Asker | undefined): Promise<Wishes> {
  const complete = async (
    value: string | undefined,
    question: string,
    preset: string | undefined,
    check: (answer: string) => string | undefined,
  ): Promise<string> => {
    const known = value ?? (asker === undefined ? preset : undefined);
    if (known === undefined && asker !== undefined) return asker.ask(question, preset ?? "", check);
    const reason = known === undefined ? "Give a NAME: nobody can be asked for it here." : check(known);
    if (known === undefined || reason !== undefined) throw new CreateAdapterError("USAGE", reason ?? "");
    return known;
  };
  const name = await complete(given.name, "Name of the adapter (lower case, digits, hyphens)", undefined, nameFlaw);
  const displayName = await complete(given.displayName, "Name of the vendor", titleOf(name), displayNameFlaw);
  const source = await complete(given.source, "Source of its channel", "Custom", sourceFlaw);
  const samples = await complete(
    given.samples,
    "File of sample records (JSON lines, JSON, CSV, CEF; empty for none)",
    "",
    (answer) => fileFlaw(answer, cwd),
  );
  const keepValues =
    given.keepValues && asker !== undefined && samples !== ""
      ? (await asker.ask(
          "Keep the samples' own values in fixtures? They may hold secrets (yes, no)",
          "no",
          yesOrNo,
        )) === "yes"
      : given.keepValues;
  return {
    name,
    displayName,
    source,
    directory: resolve(cwd, given.directory ?? name),
    samples: samples === "" ? undefined : resolve(cwd, samples),
    keepValues,
  };
}

function yesOrNo(answer: string): string | undefined {
  return answer === "yes" || answer === "no" ? undefined : "Answer yes or no.";
}

function nameFlaw(name: string): string | undefined {
  return /^[a-z][a-z0-9-]{0,63}$/.test(name)
    ? undefined
    : `A name is 1 to 64 lower case letters, digits and hyphens and begins with a letter: not ${JSON.stringify(name.slice(0, 80))}.`;
}

function displayNameFlaw(name: string): string | undefined {
  return /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,64}$/u.test(name) && name.trim() !== ""
    ? undefined
    : "The vendor's name is 1 to 64 characters on one line.";
}

function sourceFlaw(source: string): string | undefined {
  if (findSource(source) !== undefined) return undefined;
  return `There is no source ${JSON.stringify(source.slice(0, 80))}. There is: ${sources.map((row) => row.source).join(", ")}.`;
}

function fileFlaw(path: string, cwd: string): string | undefined {
  if (path === "" || statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isFile() === true) return undefined;
  return `There is no file ${path}.`;
}

/** `my-vendor`: My Vendor. */
function titleOf(name: string): string {
  const words = name.split("-").filter((word) => word !== "");
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join(" ");
}
