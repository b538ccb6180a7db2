const NOT_FOUND: ReadonlySet<unknown> = new Set([
  "ERR_MODULE_NOT_FOUND",
  "ERR_PACKAGE_IMPORT_NOT_DEFINED",
  "ERR_PACKAGE_PATH_NOT_EXPORTED",
  "ERR_UNSUPPORTED_DIR_IMPORT",
  "MODULE_NOT_FOUND",
]);

/**
 * Checks whether an error of Node means that a module was not found, as opposed to one that failed.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && NOT_FOUND.has(error.code);
}
