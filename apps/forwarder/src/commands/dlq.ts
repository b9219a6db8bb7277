import { loadConfig } from "../config/load-config.ts";
import { strandedLetters } from "../daemon/stranded-letters.ts";
import { DeadLetters } from "../state/dead-letters.ts";
import { adapterArguments, adapterHelp } from "./chosen-adapter.ts";
import type { Command, Io } from "./command.ts";
import { discard } from "./dlq-discard.ts";
import { countLetters, listLetters } from "./dlq-list.ts";
import { replayLetters } from "./dlq-replay.ts";
import { showLetter } from "./dlq-show.ts";
import { letterArguments, letterHelp, letterOptions } from "./letter-options.ts";
import { openState } from "./open-state.ts";
import { parseCommandLine, usageError, wholeNumber } from "./usage-error.ts";

const help = `tributary dlq ls [FILTER] [--summary] [--limit N] [--after ID] [--json]
tributary dlq show ID [--reveal] [--json]
tributary dlq replay (ID... | FILTER | --all) [--dry-run] [--json]
tributary dlq discard (ID... | FILTER | --all) [--note TEXT] [--yes] [--json]

Dead letters: records that were not delivered, why, and their original bytes. All of these work beside a running forwarder.

ls       lists them, 100 at a time (--limit, 0: all; --after goes on); --summary counts them by integration and reason.
show     prints the event as it would have been sent, and the record's shape with its values hidden; --reveal prints the
         original bytes. With --json the original (base64) is its beginning, up to the limit of a record; length tells all of it.
replay   puts the original bytes back into the queue of their integration, with the origin they had: they are mapped by the
         adapter of today and sent. A running tributary run does that within seconds, else the next one; for letters of
         tributary forward, the next forward with the same adapter and channel. Asking twice delivers once. --dry-run maps
         them, changes nothing, and says what would come of it: by --config FILE, or by an adapter named as for forward.
discard  drops them by the rule "discarded" and removes their bytes. It asks first; --yes does not. --note says why.

Filters:
${letterHelp}

  --state PATH        default: $TRIBUTARY_STATE, else ~/.tributary
  --config FILE       the state that this configuration names; ls and replay tell of letters whose integration, adapter or
                      channel it lacks
  --json              JSON, an object a line

For replay --dry-run:
${adapterHelp}

Examples:
  tributary dlq ls --integration okta --since 24h
  tributary dlq replay --reason NOT_JSON --dry-run --config tributary.yaml
  tributary dlq replay --integration okta --reason NOT_JSON
  tributary dlq discard 17 --note "a test of the vendor's"

Exit codes: 0; 1 when replay puts none back since all that are meant are damaged, or --dry-run found one that would stay dead;
2 for a wrong command line, an ID that is none, or an answer other than yes; 5 when the state cannot be used.
`;

export const dlqCommand: Command = { help, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...adapterArguments,
    ...letterArguments,
    state: { type: "string" },
    config: { type: "string" },
    json: { type: "boolean" },
    reveal: { type: "boolean" },
    summary: { type: "boolean" },
    limit: { type: "string" },
    after: { type: "string" },
    all: { type: "boolean" },
    "dry-run": { type: "boolean" },
    note: { type: "string" },
    yes: { type: "boolean" },
  });
  const [verb, ...rest] = positionals;
  if (verb !== "ls" && verb !== "show" && verb !== "replay" && verb !== "discard")
    throw usageError(`dlq ${verb ?? ""} does not exist; there is dlq ls, show, replay and discard.`);
  if (verb === "ls" && rest.length > 0) throw usageError("dlq ls takes no argument.");
  const filter = letterOptions(values, rest, Date.now());
  const limit = wholeNumber("limit", values.limit, { min: 0, max: 999_999_999 });
  const after = wholeNumber("after", values.after, { min: 0, max: 999_999_999 }) ?? 0;
  const json = values.json === true;
  const changes = verb === "discard" || (verb === "replay" && values["dry-run"] !== true);
  const database = await openState(values, io, changes);
  try {
    const letters = new DeadLetters(database);
    if (values.config !== undefined && verb !== "discard" && verb !== "show") {
      const { integrations } = await loadConfig(values.config, io.env);
      for (const told of strandedLetters(await letters.counts(filter), integrations)) io.stderr.write(`${told}\n`);
    }
    if (verb === "replay") return await replayLetters(database, filter, values, limit ?? 100, io);
    if (verb === "discard") return await discard(database, filter, values, io);
    if (verb === "ls" && values.summary === true) return await countLetters(letters, filter, json, io);
    if (verb === "ls") return await listLetters(letters, filter, { after, limit: limit ?? (json ? 0 : 100), json }, io);
    const [id] = filter.ids ?? [];
    if (id === undefined || filter.ids?.length !== 1) throw usageError("dlq show takes one ID of dlq ls.");
    return await showLetter(letters, id, { reveal: values.reveal === true, json }, io);
  } finally {
    await database.close();
  }
}
