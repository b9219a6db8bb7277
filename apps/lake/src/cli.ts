#!/usr/bin/env node
import { main } from "./cli/main.ts";

// A reader of our output that goes away stops no lake.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

process.exitCode = await main(process.argv.slice(2), process);
