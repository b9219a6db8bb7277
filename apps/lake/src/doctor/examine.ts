import { statSync } from "node:fs";
import { join } from "node:path";
import { type CatalogHealth, readCatalogHealth } from "../catalog/sqlite-health.ts";
import type { Clock } from "../clock.ts";
import { childUser } from "../engine/child-user.ts";
import { messageOf } from "../message-of.ts";
import { packageManifest } from "../package-manifest.ts";
import type { MasterKeySource } from "../secrets/master-key.ts";
import { ownMasterKey } from "../serve/data-directory.ts";
import { checkClock, checkDisk, checkJournal, checkLog, checkMasterKey, clockSkew } from "./check-catalog.ts";
import { checkDirectory, checkFileSystem, checkNode, checkServing } from "./check-directory.ts";
import { type Finding, fail, guarded, ok } from "./finding.ts";
import type { Machine } from "./machine.ts";

export interface Examination {
  /** The data directory, which need not be there. */
  readonly data: string;
  /** Default the directory's own file. */
  readonly masterKey?: MasterKeySource | undefined;
  /** The user that query processes become when this runs as root. */
  readonly childUser: string;
  /** An endpoint whose clock is compared. */
  readonly endpoint?: string | undefined;
  readonly machine: Machine;
  readonly clock: Clock;
}

/** Looks at everything a lake needs, in the order in which to mend it. Changes nothing, and works beside a lake that serves. */
export async function examine(examination: Examination): Promise<readonly Finding[]> {
  const { data, machine, clock, endpoint } = examination;
  const node = checkNode(machine.nodeVersion, packageManifest.engines.node);
  let there = false;
  const directory = guarded(
    "directory",
    () => {
      there = statSync(data, { throwIfNoEntry: false })?.isDirectory() === true;
      return checkDirectory(data, machine);
    },
    "Run the command as the directory's owner.",
  );
  const last = [
    guarded(
      "child-user",
      () => checkChildUser(examination),
      "Give --child-user a user of this machine that owns nothing.",
    ),
    ...(endpoint === undefined ? [] : [await checkEndpoint(endpoint, clock)]),
  ];
  if (!there) return [node, directory, ...last];
  const serving = checkServing(data);
  const { finding: catalog, health } = checkCatalog(join(data, "catalog.sqlite"));
  const now = clock.now();
  return [
    node,
    directory,
    checkFileSystem(data, machine),
    guarded(
      "disk",
      () => checkDisk(health?.waiting.bytes ?? 0, machine.fileSystem(data).freeBytes),
      "Look whether the disk is mounted.",
    ),
    serving.finding,
    catalog,
    ...(health === undefined
      ? []
      : [
          checkLog(health),
          checkJournal(health, now, serving.served),
          checkClock(health, now),
          checkMasterKey(examination.masterKey ?? ownMasterKey({ path: data }), health.sealedDataKey),
        ]),
    ...last,
  ];
}

function checkCatalog(file: string): { readonly finding: Finding; readonly health?: CatalogHealth | undefined } {
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined)
      return {
        finding: fail(
          "catalog",
          `there is no ${file}`,
          'Name a lake\'s directory with --data; "identity create" or "serve" makes one.',
        ),
      };
    const health = size === 0 ? undefined : readCatalogHealth(file);
    return {
      finding: ok("catalog", health === undefined ? "empty: the next start fills it" : "of this release's format"),
      health,
    };
  } catch (error) {
    return {
      finding: fail(
        "catalog",
        messageOf(error),
        "Run the command as the directory's owner, with the release that wrote it; if it is damaged, restore a backup.",
      ),
    };
  }
}

function checkChildUser({ machine, childUser: name }: Examination): Finding {
  if (machine.uid !== 0) return ok("child-user", "queries run as the lake's own user");
  childUser(name);
  return ok("child-user", `queries run as ${name}`);
}

async function checkEndpoint(endpoint: string, clock: Clock): Promise<Finding> {
  const before = clock.now();
  try {
    const response = await fetch(endpoint, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    const date = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(date))
      return fail("endpoint", `${endpoint} answers without its time`, "Name an endpoint that sends a Date header.");
    // The header has whole seconds: on average half a second is cut off.
    return clockSkew(endpoint, date + 500 - (before + clock.now()) / 2);
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return fail(
      "endpoint",
      `${endpoint} does not answer: ${messageOf(cause)}`,
      "Start the lake, or mend the address, its certificate or the network between.",
    );
  }
}
