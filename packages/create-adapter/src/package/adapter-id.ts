/** The constant that holds the adapter in the generated source: `myVendorAdapter`. */
export function adapterId(name: string): string {
  return `${name.replaceAll(/-+([a-z0-9]?)/g, (_all, letter: string) => letter.toUpperCase())}Adapter`;
}

/** The file of the adapter below src, without ending: its name, unless another file has that. */
export function adapterFile(name: string): string {
  return name === "index" || name === "formats" ? `${name}-adapter` : name;
}
