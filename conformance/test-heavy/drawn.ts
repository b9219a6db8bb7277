import { seedFor } from "../src/core/seed-for.ts";

/** Of the mutants, those that are held against their whole profile: one in so many, or all (1). */
export const share = Number(process.env["TRIBUTARY_MATRIX_SHARE"] ?? 0.15);
/** Repeats a draw. */
export const seed = Number(process.env["TRIBUTARY_SEED"] ?? Date.now() % 1_000_000);

/** What is drawn for a mutant, in [0, 1): it is among a share above it. */
export const drawn = (name: string): number => (seedFor(seed, name) >>> 0) / 2 ** 32;
