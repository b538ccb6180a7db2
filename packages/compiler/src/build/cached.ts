export * from "./generate.ts";
export {
  DIRECTORIES,
  DIRECTORY_RULES,
  type DirectoryName,
  type DirectoryRule,
} from "../directories/directory-rules.ts";
export {
  checkDirectories,
  type DirectoryFinding,
  type DirectoryOptions,
  type DirectoryReport,
  type ManualRule,
} from "./check-directories.ts";
