/** The length of the longest string of V8. Other engines allow longer ones. */
export const MAX_STRING_LENGTH: number = 2 ** 29 - 24;

/** Cuts text from outside for a message. The ellipsis counts as one character. */
export function shorten(text: string, max = 128): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

/**
 * Cuts a long text and says how much is missing.
 * @param length The length of the whole text, if `text` is only its beginning
 */
export function cutText(text: string, max: number, length: number = text.length): string {
  const start = text.slice(0, max);
  return length > max ? `${start}… (${length - max} more characters)` : start;
}

/** Quotes text for a message, cut to 128 characters because it may be a whole document. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

/** Returns the texts of content blocks, without blocks of other types. */
export function textsOf(blocks: readonly { readonly type: string; readonly text?: unknown }[]): string[] {
  return blocks.flatMap(({ type, text }) => (type === "text" && typeof text === "string" ? [text] : []));
}
