import type { Sender } from "../../src/delivery/sender.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import type { ForwarderProcess } from "./forwarder-process.ts";

/** A fault that is planted, so that the simulation has something to find. */
export interface Fault {
  readonly state?: (state: StateDatabase, process: ForwarderProcess) => StateDatabase;
  readonly sender?: (sender: Sender) => Sender;
  /** Changes the forwarder itself; what it answers takes that back. */
  readonly plant?: () => () => void;
}

export const none: Fault = {};
