import { statSync } from "node:fs";
import type { PurgeRecord } from "../catalog/purge-catalog.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { type Problem, type Report, problemKinds } from "../proof/problem.ts";
import { parseHeads } from "../proof/store-heads.ts";
import { type Verified, verifyLake } from "../proof/verify-lake.ts";
import { readHeadPublicKeys } from "../signed-heads/head-keys.ts";
import { type SignedHeads, readSignedHeads } from "../signed-heads/read-signed-heads.ts";
import { type CommandIo, type CommandValues, UsageError, readText, required } from "./command.ts";
import { openLake } from "./open-lake.ts";
import { showProgress } from "./show-progress.ts";

/** `verify`: exit code 0 means that nothing was found, 1 that something was. */
export async function verifyCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const given = values.heads === undefined ? [] : parseHeads(readText(values.heads), values.heads);
  const { show, clear } = showProgress(io);
  let found = 0;
  const report = (problem: Problem): void => {
    clear();
    found += 1;
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ event: "problem", ...problem, since: timeOf(problem), ...problemKinds[problem.kind] })}\n`
        : paragraph(problem),
    );
  };
  const signed = signedHeads(values, report);
  const { directory, catalog } = await openLake(required(values, "data"));
  try {
    const verified = await verifyLake({
      catalog,
      objects: await openDirectoryObjects({ directory: directory.objects }),
      storeId: values.store,
      heads: [...given, ...(signed?.heads ?? [])],
      report,
      purged: (purge) => {
        clear();
        io.stdout.write(values.json ? `${JSON.stringify({ event: "store-purged", ...purge })}\n` : goneStore(purge));
      },
      progress: ({ files, bytes }) => show(`${files} files, ${megabytes(bytes)} hashed`),
    });
    clear();
    const sums = { ...verified, problems: found };
    const catalogBytes = statSync(directory.catalogFile).size;
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ event: "verified", ...sums, ...(signed && { signedHeads: { records: signed.records, newest: signed.newest } }), catalogBytes })}\n`
        : summary(sums, signed),
    );
    return found === 0 ? 0 : 1;
  } finally {
    clear();
    await catalog.close();
  }
}

function signedHeads(values: CommandValues, report: Report): SignedHeads | undefined {
  const directory = values["signed-heads"];
  const publicKey = values["public-key"];
  if (directory === undefined && publicKey === undefined) return undefined;
  if (directory === undefined || publicKey === undefined)
    throw new UsageError("--signed-heads and --public-key go together.");
  return readSignedHeads(directory, readHeadPublicKeys(publicKey), report);
}

function summary(
  { problems, stores, files, bytes, waiting, results }: Verified,
  signed: SignedHeads | undefined,
): string {
  const found = problems === 0 ? "sound" : `${problems} ${problems === 1 ? "problem" : "problems"}`;
  const heads = signed && `, ${signed.records} signed heads, the newest of ${signed.newest ?? "none"}`;
  return `${found}: ${stores} stores, ${files} files, ${megabytes(bytes)}, ${waiting} events in the journal, ${results} query results${heads ?? ""}\n`;
}

function paragraph(problem: Problem): string {
  const { kind, where, what } = problem;
  const { meaning, fix } = problemKinds[kind];
  const since = timeOf(problem);
  return `${kind}: ${where}\n  ${what}\n${since === undefined ? "" : `  Since: after ${since}\n`}  ${meaning}\n  ${fix}\n`;
}

/** RFC 3339. A catalog that somebody changed may hold any number. */
function timeOf({ since }: Problem): string | undefined {
  return since === undefined || Number.isNaN(new Date(since).getTime()) ? undefined : new Date(since).toISOString();
}

function goneStore({ purgeId, storeId, createdAt }: PurgeRecord): string {
  return `store ${storeId} was purged: order ${purgeId} of ${new Date(createdAt).toISOString()}. Heads of it are not looked for.\n`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
