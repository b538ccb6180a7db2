import { AnnotatedType, EnumType, LiteralType, UnionType, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { NAMES } from "../marks.ts";
import type { Annotator } from "./annotations.ts";
import type { TypeReaderDeps } from "./reader-deps.ts";

/** A member of an enum. */
interface EnumValue {
  readonly value: string | number;
  readonly declaration: ts.EnumMember;
}

/**
 * Creates the type of some members of an enum. The names of numbers and the comments of members
 * become part of its description.
 */
export function enumOf(name: string, members: readonly EnumValue[], annotator: Annotator): BaseType {
  const [only] = members;
  const type =
    only && members.length === 1
      ? new LiteralType(only.value)
      : new EnumType(
          name,
          members.map(({ value }) => value),
        );
  const labels = labelsOf(members, annotator);
  return labels ? new AnnotatedType(type, { [NAMES]: labels }, false) : type;
}

/** Creates the type of a literal, which may be a member of an enum that has a comment. */
export function literalOf(type: ts.StringLiteralType | ts.NumberLiteralType, annotator: Annotator): BaseType {
  const declaration = enumMember(type);
  return declaration && annotator.textOf(declaration) !== ""
    ? enumOf(type.symbol.name, [{ value: type.value, declaration }], annotator)
    : new LiteralType(type.value);
}

/**
 * Reads the members of an enum that are part of a union together, if they have comments: at the
 * first of them. Undefined for other types.
 */
export function enumPart(
  member: ts.Type,
  all: readonly ts.Type[],
  { checker, annotator }: Pick<TypeReaderDeps, "annotator" | "checker">,
): readonly BaseType[] | undefined {
  const owner = ownerOf(member, checker);
  const part = owner ? all.filter((other) => ownerOf(other, checker) === owner) : [];
  const values = enumValues(part);
  if (!owner || values.length < 2 || values.every(({ declaration }) => annotator.textOf(declaration) === ""))
    return undefined;
  return part[0] === member ? [enumOf(owner.symbol.name, values, annotator)] : [];
}

/** Creates the type of a literal that has a comment. */
export function labeled(literal: LiteralType, text: string): BaseType {
  const label = `${JSON.stringify(literal.getValue())}: ${text.replaceAll(/\s*\n\s*/g, " ")}`;
  return text ? new AnnotatedType(literal, { [NAMES]: label }, false) : literal;
}

/** Creates a union. The comments of its literals become part of its description. */
export function unionOf(members: readonly BaseType[]): BaseType {
  const labels: string[] = [];
  const types = members.map((member) => {
    if (!(member instanceof AnnotatedType) || !(member.getType() instanceof LiteralType)) return member;
    const { [NAMES]: label, ...others } = member.getAnnotations();
    if (typeof label !== "string" || Object.keys(others).length > 0) return member;
    labels.push(label);
    return member.getType();
  });
  const [only, ...others] = types;
  const union = only && others.length === 0 ? only : new UnionType(types);
  return labels.length > 0 ? new AnnotatedType(union, { [NAMES]: labels.join("\n") }, false) : union;
}

/** Writes `0 = Off, 1 = On` or, of members with comments, one line each. */
function labelsOf(members: readonly EnumValue[], annotator: Annotator): string {
  const hasNumbers = members.some(({ value }) => typeof value === "number");
  const described = members.map(({ value, declaration }) => ({
    value: JSON.stringify(value),
    name: hasNumbers ? ` = ${nameOf(declaration)}` : "",
    text: annotator.textOf(declaration).replaceAll(/\s*\n\s*/g, " "),
  }));
  const isDocumented = described.some(({ text }) => text !== "");
  return described
    .filter(({ name, text }) => name !== "" || text !== "")
    .map(({ value, name, text }) => value + name + (text && `: ${text}`))
    .join(isDocumented ? "\n" : ", ");
}

function nameOf({ name }: ts.EnumMember): string {
  return "text" in name ? name.text : name.getText();
}

/** Returns the declaration of a literal that is a member of an enum. */
export function enumMember({ flags, symbol }: ts.Type): ts.EnumMember | undefined {
  const declaration = flags & ts.TypeFlags.EnumLiteral ? symbol?.valueDeclaration : undefined;
  return declaration && ts.isEnumMember(declaration) ? declaration : undefined;
}

/** Returns the values of those literals that are members of an enum. */
export function enumValues(members: readonly ts.Type[]): EnumValue[] {
  return members.flatMap((member) => {
    const declaration = enumMember(member);
    return declaration && (member.isStringLiteral() || member.isNumberLiteral())
      ? [{ value: member.value, declaration }]
      : [];
  });
}

/** Returns the enum that a literal belongs to. */
export function ownerOf(member: ts.Type, checker: ts.TypeChecker): ts.Type | undefined {
  const declaration = enumMember(member);
  const parent = declaration && checker.getSymbolAtLocation(declaration.parent.name);
  return parent && checker.getDeclaredTypeOfSymbol(parent);
}

/** Returns the enums all of whose members a union contains. */
export function wholeEnums(members: readonly ts.Type[], checker: ts.TypeChecker): ts.UnionType[] {
  const enums = new Set(members.map((member) => ownerOf(member, checker)));
  return [...enums].filter(
    (type): type is ts.UnionType =>
      type !== undefined && type.isUnion() && type.types.every((member) => members.includes(member)),
  );
}
