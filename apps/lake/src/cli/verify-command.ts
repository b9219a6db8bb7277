import { statSync } from "node:fs";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { type Problem, problemKinds } from "../proof/problem.ts";
import { parseHeads } from "../proof/store-heads.ts";
import { verifyLake } from "../proof/verify-lake.ts";
import { type CommandIo, type CommandValues, readText, required } from "./command.ts";
import { openLake } from "./open-lake.ts";
import { showProgress } from "./show-progress.ts";

/** `verify`: exit code 0 means that nothing was found, 1 that something was. */
export async function verifyCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const heads = values.heads === undefined ? [] : parseHeads(readText(values.heads), values.heads);
  const { directory, catalog } = await openLake(required(values, "data"));
  const { show, clear } = showProgress(io);
  try {
    const verified = await verifyLake({
      catalog,
      objects: await openDirectoryObjects({ directory: directory.objects }),
      storeId: values.store,
      heads,
      report: (problem) => {
        clear();
        io.stdout.write(
          values.json
            ? `${JSON.stringify({ event: "problem", ...problem, ...problemKinds[problem.kind] })}\n`
            : paragraph(problem),
        );
      },
      progress: ({ files, bytes }) => show(`${files} files, ${megabytes(bytes)} hashed`),
    });
    clear();
    const { problems, stores, files, bytes, waiting, results } = verified;
    const found = problems === 0 ? "sound" : `${problems} ${problems === 1 ? "problem" : "problems"}`;
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ event: "verified", ...verified, catalogBytes: statSync(directory.catalogFile).size })}\n`
        : `${found}: ${stores} stores, ${files} files, ${megabytes(bytes)}, ${waiting} events in the journal, ${results} query results\n`,
    );
    return problems === 0 ? 0 : 1;
  } finally {
    await catalog.close();
  }
}

function paragraph({ kind, where, what }: Problem): string {
  const { meaning, fix } = problemKinds[kind];
  return `${kind}: ${where}\n  ${what}\n  ${meaning}\n  ${fix}\n`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
