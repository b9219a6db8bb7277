import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { secretPlace } from "./secret-place.ts";

/** A secret's text, or why there is none and what to do. No message holds the secret, or what a command printed. */
export type ReadSecret = { readonly text: string } | { readonly message: string; readonly fix: string };

const patienceMs = 30_000;
const mostBytes = 65_536;

/**
 * Reads a secret from where the configuration says. One line feed at its end is left out.
 * @param place what stands in the configuration
 * @param directory what relative paths and the command start from
 */
export function readSecret(place: unknown, directory: string, env: NodeJS.ProcessEnv): ReadSecret {
  if (!Value.Check(secretPlace, place))
    return {
      message: "It is a secret and must not stand here itself",
      fix: "say where it is: {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}",
    };
  if ("env" in place) {
    const text = env[place.env];
    if (text === undefined)
      return { message: `The environment has no variable ${place.env}`, fix: "set it before tributary starts" };
    return notEmpty(text, `The environment variable ${place.env}`);
  }
  if ("file" in place) {
    try {
      return notEmpty(readFileSync(resolve(directory, place.file), "utf8"), `The file ${place.file}`);
    } catch (error) {
      return { message: `The file ${place.file} cannot be read (${reason(error)})`, fix: "check path and permissions" };
    }
  }
  const [program = "", ...args] = place.command;
  const done = spawnSync(program, args, {
    cwd: directory,
    env,
    timeout: patienceMs,
    maxBuffer: mostBytes,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (done.error === undefined && done.status === 0)
    return notEmpty(done.stdout, `What the command ${program} printed`);
  const why = done.error === undefined ? `exit code ${done.status ?? done.signal ?? "unknown"}` : reason(done.error);
  return { message: `The command ${program} gave no secret (${why})`, fix: "run it by hand as the same user" };
}

function notEmpty(text: string, what: string): ReadSecret {
  const secret = text.replace(/\r?\n$/, "");
  return secret.trim() === "" ? { message: `${what} is empty`, fix: "put the secret there" } : { text: secret };
}

function reason(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  return error instanceof Error ? error.name : "unknown";
}
