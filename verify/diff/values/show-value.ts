import { Hidden } from "./hidden.ts";
import { hiddenText, hideInText } from "./secret-text.ts";

/** A value as JSON in one line, without secrets. */
export const showValue = (value: unknown): string =>
  value instanceof Hidden
    ? value.toString()
    : (JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? hideInText(inner) : inner)) ?? "");

/** Whether a value holds a secret that anybody can read, or what looks like one. */
export const holdsSecret = (value: unknown): boolean => showValue(value).includes(hiddenText);
