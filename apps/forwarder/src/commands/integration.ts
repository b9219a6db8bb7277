import type { Command, Io } from "./command.ts";
import { controlHelp } from "./control-options.ts";
import { integrationApply } from "./integration-apply.ts";
import { integrationCreate } from "./integration-create.ts";
import { integrationDelete } from "./integration-delete.ts";
import { integrationList } from "./integration-list.ts";
import { integrationShow } from "./integration-show.ts";
import { usageError } from "./usage-error.ts";

const help = `tributary integration create [options]
tributary integration list
tributary integration show NAME
tributary integration delete NAME [--with-stores]
tributary integration apply -f FILE [--plan] [--prune]

Makes and keeps what records are sent to: an event data store, a channel, its policy and tags, of AWS or of your own lake,
by the public API. A channel is named by its name, ARN or id. Nothing is done before a plan is shown and agreed to.

create: what the console's "Create an integration" does. It asks on a terminal for what no option says. A second run of the
same command finds what is there and goes on; what is there and differs is left alone and said.
  --name NAME             of the channel
  --source SOURCE         as tributary adapters lists it: OktaSystemLogEvents, GitHub, Custom, ...
  --store NAME|ARN        an event data store that is there; may be repeated
  --new-store NAME        one to make; one of that name that is there is taken
  --retention-days N      of the new one, 7 to 2557 (default 2557)
  --principal ID|ARN      who may send: an account, user or role; may be repeated. Default: the partner's accounts, where known
  --external-id X         what every call must bring; a direct source needs one
  --generate-external-id  makes one; a second run keeps it
  --no-policy             no policy: only the owner's account can send
  --tag KEY=VALUE         of channel and new store; may be repeated
  --change                also change what is there and differs: policy, stores, retention, tags

apply: keeps what a YAML file declares. What the file does not name is left alone.
  -f, --file FILE         the declared event data stores and integrations
  --plan                  prints what would be done, and does nothing
  --prune                 also deletes channels that this set made (tag tributary:set) and that are no longer in the file
  --schema                prints the JSON Schema of the file, for editors

delete: asks first. Events stay in their stores.
  --with-stores           also deletes its stores; they can be restored for seven days
  --store NAME|ARN        also, or alone, deletes this store; may be repeated

common
${controlHelp}
  --yes                   asks nothing
  --json                  prints JSON alone; list: one channel a line

Credentials come from the AWS chain: environment, profile, SSO or role.

Exit codes:
  0   done, or nothing to do; with --plan: nothing would be done
  2   wrong command line or file, or it cannot stand beside what is there; nothing was changed
  3   the server was not reached, throttles, or it was interrupted: run it again, it goes on
  4   the credentials, a right, a quota or the server refuse; what was made before is said and stays
  6   with --plan: something would be done; without: you said no

Examples:
  tributary integration create --name okta --source OktaSystemLogEvents --new-store audit --principal 111122223333 --generate-external-id
  tributary integration list --endpoint http://127.0.0.1:4570
  tributary integration apply -f integrations.yaml --plan
`;

const actions: Readonly<Record<string, (argv: readonly string[], io: Io) => Promise<number>>> = {
  create: integrationCreate,
  list: integrationList,
  show: integrationShow,
  delete: integrationDelete,
  apply: integrationApply,
};

export const integrationCommand: Command = {
  help,
  async run(argv, io) {
    const [action = "", ...rest] = argv;
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (run === undefined)
      throw usageError(
        `There is integration ${Object.keys(actions).join(", ")}${action === "" ? "" : `, not ${action}`}.`,
      );
    return run(rest, io);
  },
};
