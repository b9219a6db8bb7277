export interface Secret {
  reveal(): string;
} // its toString, toJSON and inspect print ***
