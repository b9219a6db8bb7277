import type { Command } from "./command.ts";

/** A command as the overview names it, loaded when it is asked for: no command waits for what another one needs. */
export interface ListedCommand {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** All commands, in the order of the overview. */
export const commandList: readonly ListedCommand[] = [
  {
    name: "forward",
    summary: "ship records to a channel",
    load: async () => (await import("./forward.ts")).forwardCommand,
  },
  {
    name: "run",
    summary: "run the integrations of a configuration",
    load: async () => (await import("./run.ts")).runCommand,
  },
  {
    name: "init",
    summary: "write a starting configuration of tributary run",
    load: async () => (await import("./init.ts")).initCommand,
  },
  {
    name: "integration",
    summary: "make, list, show, delete and keep channels with their stores and policies",
    load: async () => (await import("./integration.ts")).integrationCommand,
  },
  {
    name: "check",
    summary: "check a configuration of tributary run",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "doctor",
    summary: "look at everything that tributary run needs; sends nothing",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  {
    name: "status",
    summary: "what the state says of each integration",
    load: async () => (await import("./status.ts")).statusCommand,
  },
  {
    name: "ledger",
    summary: "which end each record had, and whether the sum holds",
    load: async () => (await import("./ledger.ts")).ledgerCommand,
  },
  {
    name: "backfill",
    summary: "read a vendor's history, or files, again",
    load: async () => (await import("./backfill.ts")).backfillCommand,
  },
  {
    name: "preview",
    summary: "record and event side by side; sends nothing",
    load: async () => (await import("./preview.ts")).previewCommand,
  },
  {
    name: "put",
    summary: "send one event, without an adapter",
    load: async () => (await import("./put.ts")).putCommand,
  },
  {
    name: "checksum",
    summary: "the eventDataChecksum of some bytes",
    load: async () => (await import("./checksum.ts")).checksumCommand,
  },
  {
    name: "adapters",
    summary: "list the built-in adapters",
    load: async () => (await import("./adapters.ts")).adaptersCommand,
  },
  {
    name: "dlq",
    summary: "list, show, replay and discard dead letters",
    load: async () => (await import("./dlq.ts")).dlqCommand,
  },
];
