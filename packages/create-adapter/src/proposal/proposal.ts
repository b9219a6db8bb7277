/** The steps to a member of a record, from the outside in. */
export type Path = readonly string[];

/** A member that may be what is looked for. */
export interface Guess {
  readonly path: Path;
  /** False: the generated source asks the author to look. */
  readonly isSure: boolean;
  /** A sentence for the generated source. Names members and counts; never a value of a sample. */
  readonly why: string;
  /** Whether every sample has a value there. */
  readonly isAlwaysThere: boolean;
}

/** A first mapping of sample records. What is absent was not found. */
export interface Proposal {
  /** One that every sample has, or two of which the second is asked where the first has no time. */
  readonly times: readonly Guess[];
  readonly action?: Guess | undefined;
  /** In the order they are asked. */
  readonly actors: readonly Guess[];
  readonly actorType?: Guess | undefined;
  /** Other members of the object that names the actor. */
  readonly details: readonly Path[];
  readonly id?: Guess | undefined;
  /** In the order they are asked. */
  readonly addresses: readonly Guess[];
  readonly agent?: Guess | undefined;
  /** Members that may say how it ended: for the author to look at, not mapped. */
  readonly outcomes: readonly Path[];
  /** Where everything else goes. */
  readonly rest: "additionalEventData" | "requestParameters";
  /** How many samples it was made of. */
  readonly samples: number;
}
