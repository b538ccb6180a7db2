import {
  ObjectProperty,
  ObjectType,
  ObjectTypeFormatter,
  UndefinedType,
  UnionType,
  derefType,
  type BaseType,
  type Definition,
  AnnotatedType,
  AnyType,
} from "ts-json-schema-generator";

/**
 * A property whose name is used as it is; the generator's own class strips quotes around a name.
 */
export class NamedProperty extends ObjectProperty {
  readonly #name: string;

  constructor(name: string, type: BaseType, required: boolean) {
    super(name, type, required);
    this.#name = name;
  }

  override getName(): string {
    return this.#name;
  }
}

/** A property that must be present, although its type has `undefined` as a member. */
export class PresentProperty extends NamedProperty {}

/** An object type with index signatures for some names only, given as patterns. */
export class PatternObjectType extends ObjectType {
  readonly patterns: ReadonlyMap<string, BaseType>;

  constructor(plain: ObjectType, patterns: ReadonlyMap<string, BaseType>) {
    super(plain.getId(), [], plain.getProperties(), plain.getAdditionalProperties());
    this.patterns = patterns;
  }
}

/**
 * Writes object types. A property that may be undefined is optional. The generator's own formatter
 * removes `undefined` from the type, and with it the annotations of nested types; here the type
 * stays as it is, and the draft converter removes the uninhabited branch.
 */
export class ObjectFormatter extends ObjectTypeFormatter {
  override getChildren(type: ObjectType): BaseType[] {
    const children = super.getChildren(type);
    if (!(type instanceof PatternObjectType)) return children;
    const values = [...type.patterns.values()].flatMap((value) => this.childTypeFormatter.getChildren(value));
    return [...new Set([...children, ...values])];
  }

  protected override getObjectDefinition(type: ObjectType): Definition {
    const definition = super.getObjectDefinition(type);
    if (!(type instanceof PatternObjectType)) return definition;
    const patterns = [...type.patterns].map(([pattern, value]) => [
      pattern,
      this.childTypeFormatter.getDefinition(value),
    ]);
    return { ...definition, patternProperties: Object.fromEntries(patterns) as Record<string, Definition> };
  }

  protected override prepareObjectProperty(property: ObjectProperty): ObjectProperty {
    return mayBeUndefined(property.getType()) && !(property instanceof PresentProperty)
      ? new NamedProperty(property.getName(), property.getType(), false)
      : property;
  }
}

function mayBeUndefined(type: BaseType, seen = new Set<BaseType>()): boolean {
  const inner = derefType(type);
  if (inner instanceof UndefinedType) return true;
  // A union may be a member of itself: the results of `toJSON` stand for the objects that have it.
  if (!(inner instanceof UnionType) || seen.has(inner)) return false;
  seen.add(inner);
  return inner.getTypes().some((member) => mayBeUndefined(member, seen));
}

/**
 * Creates a type for any value of some JSON types: `object` accepts arrays too, and `{}` everything
 * but null.
 */
export function oneOfTypes(...types: readonly string[]): BaseType {
  return new AnnotatedType(new AnyType(), { type: [...types] }, false);
}

/** Creates a type without values. The generator omits properties whose type is `NeverType`. */
export function impossibleType(): BaseType {
  return new AnnotatedType(new AnyType(), { not: {} }, false);
}
