/** One file of `dist/<site>/`: all that a renderer may produce. */
export interface RenderedFile {
  /** Relative to `dist/<site>/`, with forward slashes. */
  readonly path: string;
  /** The whole content; ends in a newline. */
  readonly text: string;
  /** Mode 0755 instead of 0644. */
  readonly executable?: boolean;
}
