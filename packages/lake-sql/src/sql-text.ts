/** A string literal of DuckDB and Trino. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A quoted identifier of DuckDB and Trino. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
