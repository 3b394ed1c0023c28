import { type ApiObject, Chart } from "cdk8s";

/**
 * A chart whose objects must be named by hand. cdk8s would name a nameless one after its place in the code: moving
 * the code would rename the object, and Flux would delete the old one.
 */
export class NamedChart extends Chart {
  /** @throws Error always: it is only asked for objects without a name. */
  override generateObjectName(object: ApiObject): string {
    throw new Error(`${object.kind} at '${object.node.path}' has no name: give it a metadata.name.`);
  }
}
