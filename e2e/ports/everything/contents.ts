import type { BlobResourceContents, TextResourceContents } from "methodic";

export type Kind = "Text" | "Blob";

/** Makes up the contents of a resource; they name the time. */
export function contentsOf(kind: Kind, id: number): TextResourceContents | BlobResourceContents {
  const uri = `demo://resource/dynamic/${kind.toLowerCase()}/${id}`;
  const time = new Date().toLocaleTimeString();
  if (kind === "Text")
    return { uri, mimeType: "text/plain", text: `Resource ${id}: This is a plaintext resource created at ${time}` };
  const text = `Resource ${id}: This is a base64 blob created at ${time}`;
  return { uri, mimeType: "text/plain", blob: Buffer.from(text).toString("base64") };
}

/** Returns why an id cannot be that of a resource. */
export function explainId(id: number): string | undefined {
  const isValid = Number.isInteger(id) && id >= 1;
  return isValid ? undefined : `Invalid resourceId: ${id}. Must be a finite positive integer.`;
}
