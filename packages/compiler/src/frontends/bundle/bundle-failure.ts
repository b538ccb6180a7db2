/** Why a project cannot be bundled: what, where and what to do. Problems in the author's classes are diagnostics instead. */
export class BundleFailure extends Error {
  override readonly name: string = "BundleFailure";
}
