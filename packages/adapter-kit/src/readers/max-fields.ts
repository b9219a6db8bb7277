/** More extensions, attributes or structured data parameters than this are no event but an attack. */
export const maxFields = 10_000;
