import { ConfigInvalid } from "../config/config-invalid.ts";
import type { DestinationPlan } from "../config/destination-plan.ts";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { missingOf } from "../config/missing-of.ts";
import { messageOf } from "../config/message-of.ts";
import { awsControlPlane } from "../control/aws-control-plane.ts";
import type { Caller } from "../control/caller-identity.ts";
import type { ControlPlane } from "../control/control-plane.ts";
import { isAwsHost } from "../control/is-aws-host.ts";
import type { ClientSenderOptions } from "../delivery/client-sender.ts";
import { neededNode, nodeVersionProblem } from "../node-version.ts";
import { damageCode } from "../state/damage.ts";
import type { StateKeys } from "../state/state-keys.ts";
import type { StatePlace } from "../state/state-place.ts";
import { checkCaller } from "./check-caller.ts";
import { checkChannel } from "./check-channel.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import { checkListener } from "./check-listener.ts";
import { checkObjects } from "./check-objects.ts";
import { checkPoller } from "./check-poller.ts";
import { checkSources } from "./check-sources.ts";
import { checkState, type StateLook } from "./check-state.ts";
import { checkSyslog } from "./check-syslog.ts";
import { deliveryUrl } from "./delivery-url.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { guarded } from "./guarded.ts";
import { sendTestEvent } from "./send-test-event.ts";

export interface ExamineOptions {
  /** The configuration. */
  readonly file: string;
  /** Where the state of a configuration is. */
  readonly stateOf: (config: LoadedConfig) => { readonly where: StatePlace; readonly keys: StateKeys | undefined };
  /** Names of integrations; empty: all. */
  readonly only: readonly string[];
  /** Whether each channel is sent one marked event. */
  readonly send: boolean;
  readonly client: ClientSenderOptions["client"];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Looks at everything that `tributary run` needs, and changes nothing. Findings come as they are found. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { file, env, only, now } = options;
  const machine = findingsOf("this machine");
  const version = process.versions.node;
  yield nodeVersionProblem(version) === undefined
    ? machine.ok("node", `Node ${version}`)
    : machine.problem("node", `Node ${version} cannot run it`, `Install Node ${neededNode}.`);
  const config = findingsOf("configuration");
  let loaded: LoadedConfig;
  try {
    loaded = await loadConfig(file, env);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    for (const { file: where, line, column, path, message, fix } of error.problems)
      yield config.problem(
        "file",
        `${where}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`,
        `${fix.slice(0, 1).toUpperCase()}${fix.slice(1)}.`,
      );
    yield config.notKnown("the rest", "what follows from the configuration is looked at once it can be read");
    return;
  }
  const plans = loaded.integrations.filter(({ name }) => only.length === 0 || only.includes(name));
  yield config.ok(
    "file",
    `${file} is valid: ${loaded.integrations.length} integrations, ${loaded.secrets.length} secrets read`,
  );
  for (const name of only.filter((one) => !plans.some((plan) => plan.name === one)))
    yield config.problem("integration", `there is no integration ${name}`, "Name one of the file.");

  const { where, keys } = options.stateOf(loaded);
  const look = await checkState(where, keys);
  yield* look.findings;
  for (const { name, destination, adapter, channelArn, letters } of look.reports) {
    const missing =
      name === "" || letters === 0
        ? undefined
        : missingOf(loaded.integrations, { name, destination, adapter, channelArn });
    if (missing === undefined) continue;
    const fix = `Put it back to replay them, or: tributary dlq discard --integration ${name} --channel-arn ${channelArn}`;
    yield findingsOf("state").warning(
      "dead letters",
      `${letters} can be delivered by nobody: the configuration lacks ${missing}`,
      fix,
    );
  }
  const { listen, syslog } = loaded;
  if (listen !== undefined) yield* await guarded("listen", "address", () => checkListener(listen, look.inUse, now()));
  for (const listener of syslog)
    yield* await guarded(`syslog ${listener.name}`, "address", () => checkSyslog(listener, look.inUse, now()));
  const servers = new Servers(options);
  try {
    for (const plan of plans) yield* examineIntegration(plan, loaded, look, servers, options);
  } finally {
    servers.close();
  }
}

async function* examineIntegration(
  plan: IntegrationPlan,
  loaded: LoadedConfig,
  look: StateLook,
  servers: Servers,
  options: ExamineOptions,
): AsyncGenerator<Finding> {
  const { name: subject } = plan;
  for (const destination of plan.destinations) yield* examineDestination(plan, destination, servers, options);
  yield* await guarded(subject, "vendor", () => checkPoller(plan, options.env));
  yield* await guarded(subject, "s3", () => checkObjects(plan, options.signal));
  yield* await guarded(subject, "files", () => checkSources(plan, loaded.listen));
  const { warning, problem } = findingsOf(subject);
  for (const { troubles, counts, deadByCode, destination } of look.reports.filter(
    (report) => report.name === subject,
  )) {
    const of = destination === "" ? "" : `${destination}: `;
    for (const { part, code, message, at, over } of troubles)
      if (over === undefined)
        yield warning(
          "last run",
          `${of}${part}: ${code} at ${new Date(at).toISOString()}: ${message}`,
          "Mend it; kill -HUP tries it at once.",
        );
    if ((deadByCode[damageCode] ?? 0) > 0)
      yield problem(
        "damage",
        `${of}${deadByCode[damageCode]} records could not be read back from the state`,
        `Check the disk; read their source again, then: tributary dlq discard --reason ${damageCode}`,
        "Nothing of them was sent. Whatever changed the state may change more of it.",
      );
    if (counts.dead > 0)
      yield warning("dead letters", `${of}${counts.dead} records are dead`, "tributary dlq ls tells why.");
  }
}

async function* examineDestination(
  { name, adapter }: IntegrationPlan,
  destination: DestinationPlan,
  servers: Servers,
  options: ExamineOptions,
): AsyncGenerator<Finding> {
  const { env, now, client, send } = options;
  const subject = destination.name === "" ? name : `${name}/${destination.name}`;
  let server: Server;
  try {
    server = await servers.of(destination);
  } catch (error) {
    yield findingsOf(subject).problem("endpoint", messageOf(error), "Mend what the message names.");
    return;
  }
  const { url, control, caller, findings } = server;
  yield* findings();
  const { source } = adapter;
  const found = await guarded(subject, "channel", () =>
    checkChannel({ subject, destination, source, control, caller, url, now: now() }),
  );
  // What is sent tells whether the caller's own rights suffice.
  yield* found.filter(({ check, verdict }) => !(send && check === "identity" && verdict === "not known"));
  if (send) yield await sendTestEvent({ subject, destination, sender: caller?.arn, client, env, now: now() });
}

interface Server {
  readonly url: URL;
  readonly control: ControlPlane;
  readonly caller: Caller | undefined;
  /** What was found of it, the first time that this is called. */
  readonly findings: () => readonly Finding[];
}

/** The servers of all destinations: each is looked at once. */
class Servers {
  readonly #known = new Map<string, Promise<Server>>();
  readonly #open: ControlPlane[] = [];
  readonly #options: ExamineOptions;

  constructor(options: ExamineOptions) {
    this.#options = options;
  }

  of(destination: DestinationPlan): Promise<Server> {
    const { region, endpoint, fips, dualStack, ca } = destination;
    const key = JSON.stringify([region, endpoint, fips, dualStack, ca]);
    let server = this.#known.get(key);
    if (server === undefined) this.#known.set(key, (server = this.#look(destination)));
    return server;
  }

  close(): void {
    for (const control of this.#open) control.close();
  }

  async #look(destination: DestinationPlan): Promise<Server> {
    const { env, signal, now } = this.#options;
    const { region, endpoint, fips, dualStack, ca } = destination;
    const url = deliveryUrl(destination, env);
    const subject = isAwsHost(url.origin) ? `AWS ${region}` : `${url.origin} (${region})`;
    const findings: Finding[] = [];
    try {
      findings.push(...(await checkEndpoint({ subject, url, ca, env, now })));
    } catch (error) {
      findings.push(findingsOf(subject).problem("endpoint", messageOf(error), "Mend what the message names."));
    }
    const control = await awsControlPlane({
      region,
      // An address of AWS's data plane is not one of its control plane.
      endpoint: endpoint === undefined || isAwsHost(endpoint) ? undefined : endpoint,
      profile: undefined,
      fips,
      dualStack,
      ca,
      env,
      attempts: 3,
      signal,
    });
    this.#open.push(control);
    const { caller, finding } = await checkCaller(subject, control);
    findings.push(finding);
    return { url, control, caller, findings: () => findings.splice(0) };
  }
}
