/** What of an OpenAPI schema tells whether an object's fields exist and have the right type. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Name of a schema in the same file, after `#/definitions/`. */
  readonly $ref?: string;
  /** A number or a text, as ports and quantities are. */
  readonly intOrString?: true;
  /** Any object: its fields are not judged. */
  readonly open?: true;
}

/** A committed file of this folder. */
export interface Schemas {
  /** Where it was cut from: module or repository, with its exact version. */
  readonly from: readonly string[];
  /** Name of the schema of each kind, by `apiVersion kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}
