/** Control characters, and those that turn the direction of text around: a reviewer must see what is there. */
const invisible = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text in which nothing hides: an escape sequence can't colour a terminal, nor bidirectional marks reorder a line. */
export const visible = (text: string): string =>
  text.replace(invisible, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);

/** Cut to so many characters, with a sign that it was. */
export const shortened = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
