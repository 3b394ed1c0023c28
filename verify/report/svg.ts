type Attributes = Readonly<Record<string, string | number | undefined>>;

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Whether an XML parser accepts it: of the control characters only tab and line breaks. */
const isAllowed = (character: string): boolean => character >= " " || "\t\n\r".includes(character);

/** Text for use between tags and inside attributes of HTML and XML. */
export const escape = (text: string): string =>
  [...text].map((character) => escapes[character] ?? (isAllowed(character) ? character : "")).join("");

const format = (value: string | number): string =>
  escape(typeof value === "number" ? String(Math.round(value * 10) / 10) : value);

/** One element. Attributes that are undefined are left out; `children` are markup already. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${format(value ?? "")}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A tooltip, and what a screen reader says of the element that contains it. */
export const title = (text: string): string => element("title", {}, escape(text));
