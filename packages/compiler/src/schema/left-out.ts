import ts from "typescript";
import { asError, problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import { type LeftOut, listParts } from "./write/carried-schemas.ts";

/** The place of a warning about parts that are left out. */
interface LeftOutPlace {
  /** The node that problems of the input refer to. */
  readonly site: ts.Node;
  /** The declaration of the type that the parts belong to, or the reference that names it. */
  readonly written: ts.Node | undefined;
  readonly strictTypes: boolean;
}

/** Warns of parts that are left out of a type. */
export function warnOfLeftOut({ type, parts }: LeftOut, { site, written, strictTypes }: LeftOutPlace): LocatedProblem {
  const name = written && ts.isTypeReferenceNode(written) ? written.getText().replaceAll(/\s+/g, " ") : type;
  const problem = problems.leftOut(name === undefined ? "the input" : `type '${name}'`, listParts(parts), strictTypes);
  const owner = type === undefined ? parameterOf(site, parts[0]?.path[0]) : (written ?? site);
  const refused = parts[0]?.reason.type.error.node;
  // The refused type may be an alias that is declared elsewhere.
  const node = refused && isWithin(refused, ts.isIdentifier(owner) ? owner.parent : owner) ? refused : owner;
  const isHere = node.getSourceFile() === site.getSourceFile();
  return {
    problem: strictTypes ? asError(problem) : problem,
    node: isHere ? node : site,
    ...(!isHere && { declaredAt: node }),
    ...(type !== undefined && { isAboutType: true }),
  };
}

/** Returns a method's parameter, given the method's name; else the site itself. */
function parameterOf(site: ts.Node, name: string | undefined): ts.Node {
  const { parent } = site;
  const parameters = ts.isMethodDeclaration(parent) ? parent.parameters : [];
  return parameters.find((parameter) => parameter.name.getText() === name) ?? site;
}

function isWithin(node: ts.Node, owner: ts.Node): boolean {
  return ts.findAncestor(node, (ancestor) => ancestor === owner) !== undefined;
}
