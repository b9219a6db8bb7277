import type { SqliteCatalog } from "../../src/catalog/sqlite-catalog.ts";
import { deltaStart, deltaVersion } from "../../src/publish/delta-version.ts";
import { checkpointPath, deltaPath, hintPath } from "../../src/publish/log-paths.ts";
import { Violation } from "./scheduler.ts";
import { stores } from "./surroundings.ts";

type Stored = ReadonlyMap<string, Uint8Array>;
interface LogAction {
  readonly add?: { readonly path: string };
  readonly remove?: { readonly path: string };
}

/** Reads the published tables as a foreign reader would, at every step, and holds them against the commits. */
export class PublishedTables {
  readonly #catalog: SqliteCatalog;
  readonly #stored: Stored;
  readonly #newest = new Map<string, { readonly version: number; readonly files: ReadonlySet<string> }>();
  readonly #expected = new Map<string, string[]>();

  constructor(catalog: SqliteCatalog, stored: Stored) {
    this.#catalog = catalog;
    this.#stored = stored;
  }

  async check(): Promise<void> {
    for (const storeId of stores) {
      const { cleaned, published, checkpoint } = await this.#catalog.publication(storeId);
      let version = published;
      while (this.#stored.has(deltaPath(storeId, version + 1))) version += 1;
      const expected = await this.#versions(storeId, version);
      for (let each = cleaned; each <= version; each++) {
        const text = this.#text(deltaPath(storeId, each));
        if (text !== expected[each]) throw new Violation(`version ${each} of ${storeId} is not its commit's`);
      }
      if (checkpoint !== undefined) this.#text(checkpointPath(storeId, checkpoint.version));
      if (version < 0) continue;
      if (this.#newest.get(storeId)?.version !== version)
        this.#newest.set(storeId, { version, files: this.#read(storeId, version, expected) });
      for (const path of this.#newest.get(storeId)!.files)
        if (!this.#stored.has(path))
          throw new Violation(`version ${version} of ${storeId} lists ${path}, which is missing`);
    }
  }

  /** Nothing that was cleaned up has come back, all is published, and the hint names a checkpoint that is there. */
  async checkEnd(): Promise<void> {
    for (const storeId of stores) {
      const { cleaned, published } = await this.#catalog.publication(storeId);
      const { version } = await this.#catalog.snapshot(storeId);
      if (published < version) throw new Violation(`version ${version} of ${storeId} is never published`);
      for (let each = 0; each < cleaned; each++)
        for (const path of [deltaPath(storeId, each), checkpointPath(storeId, each)])
          if (this.#stored.has(path)) throw new Violation(`${path} was cleaned up, and it is back`);
      const hint = this.#stored.get(hintPath(storeId));
      if (hint === undefined) continue;
      const named: { version: number } = JSON.parse(Buffer.from(hint).toString());
      if (!this.#stored.has(checkpointPath(storeId, named.version)))
        throw new Violation(`the hint names checkpoint ${named.version} of ${storeId}, which is missing`);
    }
  }

  #text(path: string): string {
    const bytes = this.#stored.get(path);
    if (bytes === undefined) throw new Violation(`${path} is published and missing`);
    return Buffer.from(bytes).toString();
  }

  async #versions(storeId: string, last: number): Promise<readonly string[]> {
    const known = this.#expected.get(storeId) ?? [deltaStart(storeId)];
    this.#expected.set(storeId, known);
    if (known.length <= last)
      for (const commit of await this.#catalog.readCommits(storeId, known.length - 1, 1e6))
        known.push(deltaVersion(storeId, commit));
    return known;
  }

  /** The newest version's files: from the newest checkpoint on; and from every version ever, which must be the same. */
  #read(storeId: string, version: number, expected: readonly string[]): ReadonlySet<string> {
    let from = version;
    while (from >= 0 && !this.#stored.has(checkpointPath(storeId, from))) from -= 1;
    const log = from < 0 ? [] : [this.#text(checkpointPath(storeId, from))];
    for (let each = from + 1; each <= version; each++) log.push(this.#text(deltaPath(storeId, each)));
    const read = replay(storeId, log);
    const right = replay(storeId, expected.slice(0, version + 1));
    if (read.size !== right.size || [...read].some((path) => !right.has(path)))
      throw new Violation(`version ${version} of ${storeId} reads otherwise from checkpoint ${from}`);
    return read;
  }
}

function replay(storeId: string, log: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  for (const line of log.flatMap((text) => text.trimEnd().split("\n"))) {
    const { add, remove }: LogAction = JSON.parse(line);
    if (add !== undefined) files.add(`tables/${storeId}/${add.path}`);
    if (remove !== undefined) files.delete(`tables/${storeId}/${remove.path}`);
  }
  return files;
}
