import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { paint } from "../terminal/paint.ts";
import { printable } from "../terminal/table.ts";
import { clientChoice } from "./channel-options.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { stateOf } from "./open-state.ts";
import { stateKeys } from "./state-keys.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary doctor [--config FILE] [--integration NAME] [--send] [--json]

Looks at everything that tributary run needs, and changes nothing, also while it runs: the configuration and its secrets; the
state, its disk and its lock; the address of listen and its certificate; each server's name, connection, TLS and clock; the
credentials; each channel, its source, stores and last answer, and its policy, evaluated for this caller and external id before
anything is sent; each vendor's address and the files. Each finding is ok, a warning, a problem or not known, with what to do.

  --config FILE       default: tributary.yaml
  --integration NAME  this one alone; may be repeated
  --state PATH        default: what the configuration says
  --send              also sends each channel one event that says it is a test (eventSource tributary.doctor, eventName
                      TestEvent). It stays in the stores: nothing else proves that the caller's own rights suffice
  --client NAME       for --send: auto, aws-sdk or built-in
  --json              one finding a line

Exit codes: 0 nothing is wrong as far as is known, 1 a problem, 2 wrong command line, 6 warnings alone.

Examples:
  tributary doctor
  tributary doctor --config /etc/tributary/tributary.yaml --integration okta --send
`;

export const doctorCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = parseCommandLine(argv, {
      config: { type: "string" },
      integration: { type: "string", multiple: true },
      state: { type: "string" },
      send: { type: "boolean" },
      client: { type: "string" },
      json: { type: "boolean" },
    });
    if (positionals.length > 0) throw usageError("doctor takes no argument; name the configuration with --config.");
    const seen = { ok: 0, warning: 0, problem: 0, "not known": 0 };
    const show = values.json === true ? undefined : shownOn(io);
    const findings = examine({
      file: values.config ?? "tributary.yaml",
      stateOf: (config) => ({
        where: stateOf(values.state, config, io.env),
        keys: config.keys ?? stateKeys(io.env),
      }),
      only: values.integration ?? [],
      send: values.send === true,
      client: clientChoice(values.client),
      env: io.env,
      signal: io.signal,
      now: Date.now,
    });
    for await (const finding of findings) {
      seen[finding.verdict]++;
      io.stdout.write(show === undefined ? `${JSON.stringify(finding)}\n` : show(finding));
    }
    if (show !== undefined)
      io.stdout.write(
        `\n${seen.problem} problems, ${seen.warning} warnings, ${seen["not known"]} not known, ${seen.ok} ok\n`,
      );
    if (seen.problem > 0) return exitCodes.dead;
    return seen.warning > 0 ? exitCodes.differs : exitCodes.ok;
  },
};

const colours = { ok: "green", warning: "yellow", problem: "red", "not known": "grey" } as const;

/** A line a finding, under its subject, as they come; what it means and what to do below. */
function shownOn(io: Io): (finding: Finding) => string {
  const colour = paint(io);
  let last: string | undefined;
  return ({ subject, check, verdict, found, means, fix }) => {
    const head = subject === last ? "" : `${last === undefined ? "" : "\n"}${printable(subject)}\n`;
    last = subject;
    const line = `  ${colour(colours[verdict], verdict.padEnd(9))}  ${printable(check).padEnd(11)}  ${printable(found)}\n`;
    const below = [means, fix].map((text) => (text === undefined ? "" : `${" ".repeat(24)}${printable(text)}\n`));
    return head + line + below.join("");
  };
}
