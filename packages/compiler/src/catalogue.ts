export type DiagnosticCode = string;
/** x */
export interface DiagnosticDescription { readonly title: string }
/** x */
export const DIAGNOSTICS: Readonly<Record<string, DiagnosticDescription>> = {};
