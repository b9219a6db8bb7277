import { createHash } from "node:crypto";
import { TributaryError } from "@tributary/schema";
import { isRow } from "../engine/child-message.ts";
import type { Objects } from "../objects/objects.ts";

export type ResultRow = readonly (string | null)[];

interface ResultIndex {
  readonly columns: readonly string[];
  /** Rows of each page object, in order. */
  readonly pages: readonly number[];
  /** SHA-256 of each page object; results of releases before this one have none. */
  readonly sha256?: readonly string[] | undefined;
  /** SHA-256 of the query's id and the rest of the index. */
  readonly seal?: string | undefined;
}

export interface ResultWriteOptions {
  /** Whether the rows before a failure are kept. */
  readonly keepPartial?: () => boolean;
  readonly maxBytes?: number;
}

export interface ResultSize {
  readonly rows: number;
  /** Of the pages' objects. */
  readonly bytes: number;
}

const maxPageRows = 5000;
const maxPageCharacters = 1024 * 1024;
const cachedPages = 8;
/** Of one answer, so that rows as wide as events cannot fill the memory: some 8 million characters. */
const maxPagesRead = 8;

const indexPath = (queryId: string): string => `results/${queryId}/index.json`;
const pagePath = (queryId: string, page: number): string =>
  `results/${queryId}/page-${String(page).padStart(6, "0")}.ndjson`;

/**
 * Results of queries as immutable objects: `results/ID/page-N.ndjson`, a row a line as a JSON array of strings and nulls, and
 * `index.json`, written with the last page. A result without index is not there; the catalog says when all of it is. The index has the hash of each page and of itself, and what is
 * read is held against them: a damaged row is answered to nobody.
 */
export class ResultStore {
  readonly #objects: Pick<Objects, "put" | "get" | "delete">;
  /** Pages read lately: a reader asks for one page in many small pieces. */
  readonly #pages = new Map<string, readonly ResultRow[]>();
  readonly #indexes = new Map<string, ResultIndex>();

  constructor(objects: Pick<Objects, "put" | "get" | "delete">) {
    this.#objects = objects;
  }

  /**
   * Writes a whole result and answers its size. What it wrote is deleted when it fails. Throws `QUERY_FAILED` when the rows take
   * more than `maxBytes` of the objects, and {@link PartialResult} when it failed but the rows until then were to be kept.
   */
  async write(
    queryId: string,
    columns: readonly string[],
    pages: AsyncIterable<readonly ResultRow[]>,
    { keepPartial, maxBytes = Number.POSITIVE_INFINITY }: ResultWriteOptions = {},
  ): Promise<ResultSize> {
    const counts: number[] = [];
    const hashes: string[] = [];
    let bytes = 0;
    let rows: ResultRow[] = [];
    let lines: string[] = [];
    let characters = 0;
    const takePage = (): { readonly page: Buffer; readonly rows: readonly ResultRow[]; readonly sha256: string } => {
      const page = Buffer.from(`${lines.join("\n")}\n`, "utf8");
      if (bytes + page.length > maxBytes)
        throw new TributaryError(
          `The result is larger than ${maxBytes} bytes, the most that this lake keeps of one query. Ask for fewer rows or columns.`,
          { code: "QUERY_FAILED" },
        );
      const taken = { page, rows, sha256: sha256(page) };
      bytes += page.length;
      rows = [];
      lines = [];
      characters = 0;
      return taken;
    };
    const put = async (taken: ReturnType<typeof takePage>): Promise<void> => {
      const path = pagePath(queryId, counts.length);
      await this.#objects.put(path, taken.page);
      counts.push(taken.rows.length);
      hashes.push(taken.sha256);
      // The first ones are asked for next.
      if (counts.length <= cachedPages / 2) remember(this.#pages, path, taken.rows, cachedPages);
    };
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const page of pages) {
        for (const row of page) {
          const line = JSON.stringify(row);
          rows.push(row);
          lines.push(line);
          characters += line.length;
          if (lines.length >= maxPageRows || characters >= maxPageCharacters) await put(takePage());
        }
      }
    } catch (error) {
      failure = { error };
    }
    try {
      if (failure !== undefined && keepPartial?.() !== true) throw failure.error;
      const last = lines.length > 0 ? [takePage()] : [];
      const unsealed: ResultIndex = {
        columns,
        pages: [...counts, ...last.map((page) => page.rows.length)],
        sha256: [...hashes, ...last.map((page) => page.sha256)],
      };
      const index: ResultIndex = { ...unsealed, seal: sealOf(queryId, unsealed) };
      // Beside the last page: nobody reads a result before both are there.
      const puts = await Promise.allSettled([
        ...last.map(put),
        this.#objects.put(indexPath(queryId), Buffer.from(JSON.stringify(index), "utf8")),
      ]);
      for (const done of puts) if (done.status === "rejected") throw done.reason;
    } catch (error) {
      // The page that was being written may be there too.
      for (let page = counts.length; page >= 0; page--) await this.#deletePage(queryId, page);
      await this.#objects.delete(indexPath(queryId));
      throw error;
    }
    const size = { rows: counts.reduce((sum, count) => sum + count, 0), bytes };
    if (failure !== undefined) throw new PartialResult(size, failure.error);
    return size;
  }

  /** Rows from an offset on, at most `limit`, fewer when they are wide; none past the end. Throws `QUERY_RESULT_MISSING`, `QUERY_RESULT_DAMAGED`. */
  async read(
    queryId: string,
    offset: number,
    limit: number,
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly ResultRow[] }> {
    const index = await this.#index(queryId);
    const { columns, pages } = index;
    const rows: ResultRow[] = [];
    let start = 0;
    let read = 0;
    for (const [page, count] of pages.entries()) {
      if (rows.length >= limit || read >= maxPagesRead) break;
      const from = Math.max(0, offset + rows.length - start);
      if (from < count) {
        rows.push(...(await this.#page(queryId, index, page)).slice(from, from + limit - rows.length));
        read++;
      }
      start += count;
    }
    return { columns, rows };
  }

  /** A whole result, page by page, kept by nobody. Throws `QUERY_RESULT_MISSING`, and the signal's reason. */
  async pages(
    queryId: string,
    signal?: AbortSignal,
  ): Promise<{ readonly columns: readonly string[]; readonly pages: AsyncIterable<readonly ResultRow[]> }> {
    const index = await this.#index(queryId);
    const { columns, pages } = index;
    const load = (page: number): Promise<readonly ResultRow[]> => this.#load(queryId, index, page);
    const all = async function* (): AsyncGenerator<readonly ResultRow[]> {
      for (const page of pages.keys()) {
        signal?.throwIfAborted();
        yield await load(page);
      }
    };
    return { columns, pages: all() };
  }

  /** Deletes a result, or what an unfinished write or deletion left behind: from its end, so that the rest can be found again. */
  async delete(queryId: string): Promise<void> {
    const index = await this.#index(queryId).catch(() => undefined);
    let pages = index?.pages.length ?? 0;
    if (index === undefined) while (await this.#has(pagePath(queryId, pages))) pages++;
    this.#indexes.delete(queryId);
    while (pages > 0) await this.#deletePage(queryId, --pages);
    await this.#objects.delete(indexPath(queryId));
  }

  async #deletePage(queryId: string, page: number): Promise<void> {
    const path = pagePath(queryId, page);
    this.#pages.delete(path);
    await this.#objects.delete(path);
  }

  #has(path: string): Promise<boolean> {
    return this.#objects.get(path).then(
      () => true,
      () => false,
    );
  }

  async #index(queryId: string): Promise<ResultIndex> {
    const cached = this.#indexes.get(queryId);
    if (cached !== undefined) return cached;
    const bytes = await this.#objects.get(indexPath(queryId)).catch((cause: unknown) => {
      throw new TributaryError(`Query ${queryId} has no result.`, { code: "QUERY_RESULT_MISSING", cause });
    });
    const text = Buffer.from(bytes).toString("utf8");
    const index: ResultIndex = JSON.parse(text);
    const { seal, ...unsealed } = index;
    const sealed = seal !== undefined || index.sha256 !== undefined;
    // One without the two is of an older release.
    if (sealed && (seal !== sealOf(queryId, unsealed) || text !== JSON.stringify(index)))
      throw damaged(indexPath(queryId), "is not the index that was written");
    return remember(this.#indexes, queryId, index, 256);
  }

  async #page(queryId: string, index: ResultIndex, page: number): Promise<readonly ResultRow[]> {
    const path = pagePath(queryId, page);
    const cached = this.#pages.get(path);
    if (cached !== undefined) return cached;
    return remember(this.#pages, path, await this.#load(queryId, index, page), cachedPages);
  }

  async #load(queryId: string, index: ResultIndex, page: number): Promise<readonly ResultRow[]> {
    const path = pagePath(queryId, page);
    const bytes = await this.#objects.get(path);
    if (index.sha256 !== undefined && index.sha256[page] !== sha256(bytes))
      throw damaged(path, "is not the page that was written");
    return Buffer.from(bytes)
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => readRow(line, path));
  }
}

/** The rows before a failure have been stored. */
export class PartialResult extends Error {
  readonly size: ResultSize;

  constructor(size: ResultSize, cause: unknown) {
    super("The result is partial.", { cause });
    this.size = size;
  }
}

function readRow(line: string, path: string): ResultRow {
  const row: unknown = JSON.parse(line);
  if (isRow(row)) return row;
  throw damaged(path, "is no page of a query's result");
}

function damaged(path: string, what: string): TributaryError {
  return new TributaryError(`Object ${path} ${what}. Run the query again, and tributary-lake verify.`, {
    code: "QUERY_RESULT_DAMAGED",
  });
}

function sealOf(queryId: string, unsealed: ResultIndex): string {
  return sha256(Buffer.from(JSON.stringify([queryId, unsealed]), "utf8"));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function remember<T>(cache: Map<string, T>, key: string, value: T, limit: number): T {
  cache.set(key, value);
  for (const oldest of cache.keys()) {
    if (cache.size <= limit) break;
    cache.delete(oldest);
  }
  return value;
}
