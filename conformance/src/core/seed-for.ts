/** A seed of its own for each name. */
export function seedFor(seed: number, name: string): number {
  let hash = seed | 0;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x0100_0193);
  return hash;
}
