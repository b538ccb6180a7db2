/**
 * Checks whether an `Accept` header (RFC 9110 §12.5.1) allows a media type. A missing header allows
 * every type.
 */
export function allowsMediaType(header: string | null, mediaType: string): boolean {
  if (header === null) return true;
  const [type] = mediaType.split("/");
  const ranges = [mediaType, `${type}/*`, "*/*"];
  // The most specific range decides, in any position: `*/*, application/json;q=0` refuses JSON.
  let best = ranges.length;
  let allowed = false;
  for (const part of header.split(",")) {
    const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const rank = ranges.indexOf(range);
    if (rank === -1 || rank > best) continue;
    best = rank;
    allowed = !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  }
  return allowed;
}

/** Checks whether a `Content-Type` is `application/json`, with any parameters (RFC 9110 §8.3.1). */
export function isJson(contentType: string | null): boolean {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}
