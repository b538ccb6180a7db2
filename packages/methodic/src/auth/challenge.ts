/** What a refusal tells a client. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503;
  /** For people, in the body: the code and the sentence. */
  readonly error: string;
  readonly description: string;
  /** The parameters of `WWW-Authenticate: Bearer`; none, and there is no such header. */
  readonly challenge?: { readonly [parameter: string]: string | undefined };
}

/** Makes the answer to a caller who is not let in (RFC 6750, section 3). */
export function createRefusal({ status, error, description, challenge }: Refusal): Response {
  const headers = new Headers({ "cache-control": "no-store" });
  if (challenge) headers.set("www-authenticate", formatChallenge(challenge));
  if (status === 503) headers.set("retry-after", "5");
  return Response.json({ error, error_description: description }, { status, headers });
}

function formatChallenge(parameters: NonNullable<Refusal["challenge"]>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  // A challenge has at least one parameter.
  const shown = given.length > 0 ? given : [["realm", "mcp"] as const];
  return `Bearer ${shown.map(([name, value = ""]) => `${name}="${escapeText(value)}"`).join(", ")}`;
}

/** Neither quotes nor backslashes nor line ends (RFC 6750 §3): nothing can end the text early or start a header of its own. */
function escapeText(text: string): string {
  return text.replaceAll(/[^ !#-[\]-~]/g, "'");
}
