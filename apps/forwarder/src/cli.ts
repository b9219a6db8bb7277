#!/usr/bin/env node
import { nodeVersionProblem } from "./node-version.ts";

const problem = nodeVersionProblem(process.versions.node);
if (problem === undefined) await run();
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  // Not above: where node:sqlite is missing, the import itself fails.
  const { keepCompiled } = await import("./compile-cache.ts");
  keepCompiled(process.env);
  const [{ main }, { boundHeap }] = await Promise.all([import("./main.ts"), import("./bounded-heap.ts")]);
  boundHeap();
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      // The second signal ends at once: the state is as safe as after kill -9.
      if (interrupted.signal.aborted) process.exit(130);
      interrupted.abort();
    });
  // A closed pipe (| head -1) must not stop a delivery.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);

  process.exitCode = await main(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: interrupted.signal,
    onHangup: (callback) => {
      process.on("SIGHUP", callback);
      return () => process.off("SIGHUP", callback);
    },
  });
  // Standard input, or a request that was given up, may still be open.
  if (interrupted.signal.aborted) process.exit();
  process.stdin.destroy();
}
