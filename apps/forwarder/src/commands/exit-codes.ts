/** What `tributary` answers to the shell. Documented in --help and the README; never renumbered. */
export const exitCodes = {
  /** Every record is delivered, was delivered before, or was dropped by a named rule. */
  ok: 0,
  /** Some record is dead, or some input could not be read to its end. */
  dead: 1,
  usage: 2,
  /** Stopped with a queue: unreachable, throttled beyond the budget, paused, or interrupted. Run it again. */
  queued: 3,
  /** The channel or its policy refuses the caller. The queue is kept; something must be changed. */
  refused: 4,
  /** The state is in use, or cannot be read or written; or a part of it was damaged, and its records are dead (`STATE_DAMAGED`). */
  state: 5,
  /** `integration apply --plan`: it would change something. `doctor`: there are warnings, and no problem. */
  differs: 6,
  /** The sum of promise 1 does not hold, or another bug: please report. */
  internal: 70,
} as const;

export const exitCodeHelp = `Exit codes:
  0   all delivered (now or before), changed, or dropped by a named rule
  1   some record is dead, or an input could not be read to its end
  2   wrong command line
  3   stopped with records queued (server not reached, throttled, paused, interrupted): run again to go on
  4   the channel, its policy or the credentials refuse: queued records are kept; fix it, then run again
  5   the state is in use by another forwarder, or cannot be read or written; or records are dead because it was damaged
      (STATE_DAMAGED), all others were handled
  70  the counts do not add up, or another bug`;

/** The exit code of an error that ended a command. @param code of a TributaryError */
export function exitCodeOf(code: string): number {
  if (code.startsWith("STATE_")) return exitCodes.state;
  if (/^(CONTROL_(DENIED|REFUSED)|CREDENTIALS_)/.test(code)) return exitCodes.refused;
  if (/^(CONTROL_|INTERRUPTED$)/.test(code)) return exitCodes.queued;
  return exitCodes.usage;
}
