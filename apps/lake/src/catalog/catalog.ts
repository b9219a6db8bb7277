import type { ControlCatalog } from "./control-catalog.ts";
import type { JournalCatalog } from "./journal-catalog.ts";
import type { ProofCatalog } from "./proof-catalog.ts";
import type { PublicationCatalog } from "./publication-catalog.ts";
import type { PurgeCatalog } from "./purge-catalog.ts";
import type { QueryCatalog } from "./query-catalog.ts";
import type { StoreCatalog } from "./store-catalog.ts";

/**
 * The catalog port: everything that changes. Closed operations, each one transaction; nobody outside holds one open.
 * Implementations: SQLite (one file), PostgreSQL later. Every implementation passes the contract test.
 */
export interface Catalog
  extends ControlCatalog, JournalCatalog, StoreCatalog, QueryCatalog, ProofCatalog, PublicationCatalog, PurgeCatalog {
  close(): Promise<void>;
}
