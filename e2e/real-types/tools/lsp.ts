import { tool } from "methodic";
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-types";
import { recorded } from "../recorded.js";

export class LspTools {
  /** Edits files. */
  @tool() applyEdit(edit: WorkspaceEdit): void {}

  /** Edits a file. */
  @tool() editFile(edits: TextEdit[]): void {}

  /** Shows a problem. */
  @tool() publish(diagnostic: Diagnostic): void {}

  /** Returns completions. */
  @tool() complete(): CompletionItem[] {
    return recorded();
  }

  /** Returns the symbols of a file. */
  @tool() symbols(): DocumentSymbol[] {
    return recorded();
  }

  /** Returns fixes. */
  @tool() fixes(): CodeAction[] {
    return recorded();
  }
}
