/** The subject does not have what every check of the profile stands on: none of its clauses is met, and none was looked at by itself. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}
