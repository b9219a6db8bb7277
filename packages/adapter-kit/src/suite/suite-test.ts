/** A test framework's `test`: vitest's, or any other of this form. The time-out is in milliseconds. */
export type SuiteTest = (name: string, run: () => void | Promise<void>, timeout?: number) => void;

/** Generous: a busy machine is no broken promise. */
export const suiteTimeout = 180_000;
