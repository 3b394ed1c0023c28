import { Hidden } from "./hidden.ts";
import { hiddenText, hideInText } from "./secret-text.ts";

/** A value as JSON in one line, without secrets. */
export const showValue = (value: unknown): string =>
  value instanceof Hidden
    ? hiddenText
    : (JSON.stringify(value, (_, inner: unknown) => (typeof inner === "string" ? hideInText(inner) : inner)) ?? "");
