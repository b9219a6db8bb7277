#!/usr/bin/env node
import { createInterface } from "node:readline/promises";
import { Interruption } from "./command/interruption.ts";
import { main } from "./main.ts";

process.stdout.on("error", () => undefined);
const interruption = new Interruption();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(name, () => interruption.receive(name, process.stderr, () => process.exit(interruption.exitCode)));
const exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  interruption,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  confirm: async (question) => {
    if (!process.stdin.isTTY) return false;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(`${question} [y/N] `, { signal: interruption.signal }).catch(() => "");
    terminal.close();
    return /^y(es)?$/i.test(answer.trim());
  },
});
process.exitCode = interruption.exitCode ?? exitCode;
// What is still tidied up has this long; a request that nobody waits for any more does not keep the process.
setTimeout(() => process.exit(), 2000).unref();
