import { checkAdapter } from "./command/check-adapter.ts";
import { checkDifferences } from "./command/check-differences.ts";
import { checkServer } from "./command/check-server.ts";
import { checkShipper } from "./command/check-shipper.ts";
import { exitCodes, type Io } from "./command/io.ts";
import { defaultTimeout } from "./command/time-limit.ts";
import { UsageError } from "./command/usage-error.ts";
import { clauses, profiles } from "./core/clause.ts";
import { suiteVersion } from "./core/version.ts";
import { serverProfile } from "./command/server-profile-of.ts";
import { serverProfiles } from "./server/server-profile.ts";

const help = `tributary-conformance PROFILE --endpoint URL [options]
tributary-conformance shipper --command COMMAND --records FILE [options]
tributary-conformance adapter --adapter NAME | --adapter-command COMMAND [options]
tributary-conformance diff PROFILE --endpoint URL --endpoint URL [options]
tributary-conformance list [PROFILE] [--json]

Holds servers, shippers and adapters of CloudTrail Lake integrations against the contract, clause by clause.

A server: ${Object.keys(serverProfiles).join(", ")}. Credentials come from the AWS chain (environment, profiles), never from the command line.

  --endpoint URL           of the server
  --region NAME            default: the channel's, $AWS_REGION, us-east-1
  --owner PROFILE          AWS profile of who may do everything; default: the chain
  --other-account PROFILE  of a second account; without it, checks across accounts are skipped
  --role PROFILE           a session of a role of the owner's account that has no policy; without it, what a channel's policy
                           says of such roles is skipped
  --other-role PROFILE     a session of a role of another account that its own policies let put events; likewise. Whose sessions
                           they are, sts:GetCallerIdentity of the endpoint is asked
  --channel ARN            a channel to use (no policy, or one without an external id); without it a store and a channel are made
                           and deleted, also when the run fails or is ended by a signal (a second one ends at once)
  --store ARN              a store to use for a channel that is made; it is not changed
  --management-store ARN   channels: a store of management events, whose ingestion is stopped and started
  --queries                channels: the server answers queries, too: they tell where events are
  --quotas                 channels: the account is the run's alone: as many stores are made as it may have. They count for the days
                           that they wait for their deletion
  --yes                    make what is needed without asking
  --timeout SECONDS        longest run, default ${defaultTimeout}; what was not checked by then is an error, never a pass

A shipper: a command that reads a file of records, calls PutAuditEvents, and ends when nothing is left to do. A lake in this process
records what it sends, injects faults, and judges what arrived.

  --command COMMAND        for /bin/sh; finds ENDPOINT, CHANNEL_ARN, EXTERNAL_ID, RECORDS (a file), STATE (a directory) and AWS's
                           own variables in its environment
  --records FILE           201 and more different records, one a line, each of which becomes one event
  --timeout SECONDS        longest run of the command, default 60

An adapter: a package or file whose export is one, or a command that speaks the kit's JSON lines.

  --adapter NAME           a package that is installed here, or a path
  --adapter-command WORDS  a program and its arguments
  --fixtures DIR           its fixture pairs; default: test/fixtures of the package
  --timeout SECONDS        longest run, default ${defaultTimeout}

Two servers: the same checks with the same seed on both, one after the other; prints the clauses that end otherwise, with what was asked
and answered at either end. Options of a server come once for both, or twice in the order of the endpoints: --owner ONE --owner OTHER.

All:
  --grep PART              only clauses whose id has this part
  --strict                 our readings (SHOULD) count, too
  --known FILE             a JSON list of clauses that are known to fail
  --runs N                 inputs of each search, default 25
  --seed N, --path P       repeat a run; with --grep, one failure
  --name TEXT              what the subject is called in reports
  --quiet                  print only what is not met
  --json                   the report as JSON; schemas/report.json is its schema
  --junit FILE, --markdown FILE, --badge FILE

Examples:
  tributary-conformance ingest --endpoint http://127.0.0.1:4570 --yes
  tributary-conformance shipper --records okta.ndjson --command 'tributary forward --adapter okta --channel-arn "$CHANNEL_ARN"
    --external-id "$EXTERNAL_ID" --endpoint "$ENDPOINT" --state "$STATE" "$RECORDS"'

  tributary-conformance adapter --adapter @example/tributary-adapter --fixtures test/fixtures

Exit codes:
  0  conforms; of diff: no clause ends otherwise
  1  a clause is not met; of diff: a clause ends otherwise
  2  the command line is wrong
  3  the harness failed, the server could not be reached, or --timeout was over
  130, 143  ended by SIGINT, SIGTERM
`;

/** The command line of the suite. Answers the exit code; never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h" || rest.includes("--help")) {
    io.stdout.write(help);
    return name === undefined ? exitCodes.usage : exitCodes.conforms;
  }
  if (name === "--version") {
    io.stdout.write(`${suiteVersion()}\n`);
    return exitCodes.conforms;
  }
  try {
    if (name === "list") return list(rest, io);
    if (name === "adapter") return await checkAdapter(rest, io);
    if (name === "diff") return await checkDifferences(rest, io);
    if (name === "shipper") return await checkShipper(rest, io);
    return await checkServer(serverProfile(name, ["shipper", "adapter; and the commands diff and list"]), rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`tributary-conformance: ${error.message}\n`);
      return exitCodes.usage;
    }
    io.stderr.write(`tributary-conformance: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.error;
  }
}

function list(argv: readonly string[], io: Io): number {
  const profile = argv.find((one) => !one.startsWith("-"));
  if (profile !== undefined && !profiles.some((one) => one === profile))
    throw new UsageError(`${profile} is no profile. There are: ${profiles.join(", ")}.`);
  const chosen = clauses().filter((clause) => profile === undefined || clause.profile === profile);
  if (argv.includes("--json")) io.stdout.write(`${JSON.stringify(chosen, undefined, 2)}\n`);
  else
    for (const { id, level, requirement, notObservable } of chosen)
      io.stdout.write(
        `${level.padEnd(8)}  ${id}\n          ${requirement}${notObservable === undefined ? "" : `\n          Not checked: ${notObservable}`}\n`,
      );
  return exitCodes.conforms;
}
