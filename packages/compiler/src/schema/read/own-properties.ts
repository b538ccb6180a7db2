import ts from "typescript";
import { DATA_CLASSES, type Library } from "./library-types.ts";

/** Names of the methods that every object inherits. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Checks whether a type includes what a method of every object returns. */
type IncludesResult = (type: ts.Type, checker: ts.TypeChecker) => boolean;

const includesText: IncludesResult = (type, checker) => checker.isTypeAssignableTo(checker.getStringType(), type);
const includesBoolean: IncludesResult = (type, checker) => checker.isTypeAssignableTo(checker.getBooleanType(), type);

/** The methods that every object inherits, with what they return. */
const INHERITED_RESULTS: ReadonlyMap<string, IncludesResult> = new Map([
  ["toString", includesText],
  ["toLocaleString", includesText],
  ["valueOf", ({ flags, symbol }) => Boolean(flags & OBJECTS) || symbol?.name === "Object"],
  ["hasOwnProperty", includesBoolean],
  ["isPrototypeOf", includesBoolean],
  ["propertyIsEnumerable", includesBoolean],
]);

const OBJECTS = ts.TypeFlags.NonPrimitive | ts.TypeFlags.Unknown | ts.TypeFlags.Any;

/**
 * Finds the members of an object that `JSON.stringify` writes: the object's own properties. Methods
 * and accessors of a class are on its prototype, and `#private` members are not properties.
 */
export class OwnProperties {
  readonly #checker: ts.TypeChecker;
  readonly #library: Library;

  constructor(checker: ts.TypeChecker, library: Library) {
    this.#checker = checker;
    this.#library = library;
  }

  /**
   * Checks for a member that is never in JSON: a method of a class, or a private member that is not
   * a property of the object.
   */
  isUnseen(owner: ts.Type, property: ts.Symbol): boolean {
    return (property.declarations ?? []).some(
      (declaration) =>
        isPrivate(declaration) ||
        (ts.isMethodDeclaration(declaration) && ts.isClassLike(declaration.parent)) ||
        (ts.isMethodSignature(declaration) && this.#isInherited(declaration, owner, property)),
    );
  }

  /**
   * Checks for a property that may be missing from JSON although its type says that it is present:
   * an accessor on the prototype, or a property of saved documents.
   */
  mayBeMissing(owner: ts.Type, property: ts.Symbol): boolean {
    const declarations = property.declarations ?? [];
    if (declarations.some((declaration) => isClassAccessor(declaration))) return true;
    if (isOfSavedDocument(property)) return true;
    const data = this.#library.findStandard(owner, DATA_CLASSES);
    if (data) return DATA_CLASSES.get(data.name)?.includes(property.name) === true;
    // The standard classes with a toJSON of any value have nothing but accessors.
    return owner.symbol && this.#library.declares(owner.symbol) && owner.getProperty("toJSON") !== undefined;
  }

  /**
   * Checks for a method that every object has, with a result of the type that it has there:
   * `toString(): string` of a class is not a part that a client sends.
   */
  isEverywhere({ name, declarations = [] }: ts.Symbol): boolean {
    const result = INHERITED_RESULTS.get(name);
    const signatures = declarations.filter((one) => ts.isMethodDeclaration(one) || ts.isMethodSignature(one));
    if (!result || signatures.length === 0 || signatures.length < declarations.length) return false;
    return signatures.every((one) => {
      const signature = this.#checker.getSignatureFromDeclaration(one);
      return signature && result(this.#checker.getReturnTypeOfSignature(signature), this.#checker);
    });
  }

  /** Finds a private or protected property of the object itself, which `JSON.stringify` sends. */
  findPrivateData(owner: ts.Type): ts.Symbol | undefined {
    return this.#checker
      .getPropertiesOfType(owner)
      .find((property) =>
        property.declarations?.some(
          (declaration) =>
            (ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration)) &&
            hasHiddenModifier(declaration) &&
            !isClassAccessor(declaration),
        ),
      );
  }

  /** Checks for a class whose instances have no data in JSON. A subclass may add some. */
  isHollow(owner: ts.Type): boolean {
    const declaration = owner.symbol?.valueDeclaration;
    if (!declaration || !ts.isClassLike(declaration) || isAbstract(declaration)) return false;
    const toJson = owner.getProperty("toJSON");
    if (toJson && this.#library.declares(toJson)) return false;
    const properties = this.#checker.getPropertiesOfType(owner);
    return (
      properties.length > 0 &&
      properties.every((property) => this.isUnseen(owner, property) || this.mayBeMissing(owner, property))
    );
  }

  /**
   * Checks for a method of a class that an interface describes, as the standard library does, or
   * for one that every object inherits.
   */
  #isInherited({ parent }: ts.MethodSignature, owner: ts.Type, { name }: ts.Symbol): boolean {
    if (INHERITED.has(name) || name === "toJSON") return true;
    const describesClass = (symbol: ts.Symbol | undefined): boolean =>
      symbol !== undefined && (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Variable)) !== 0;
    const owners = owner.isIntersection() ? owner.types : [owner];
    return (
      owners.some(({ symbol }) => describesClass(symbol)) ||
      // There may be an interface only.
      this.#library.findStandard(owner, DATA_CLASSES) !== undefined ||
      (ts.isInterfaceDeclaration(parent) && describesClass(this.#checker.getSymbolAtLocation(parent.name)))
    );
  }
}

function isPrivateName(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isPrivateIdentifier(name);
}

function hasHiddenModifier(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
}

/** Checks whether a declaration is private, protected, or has a private name. */
export function isPrivate(declaration: ts.Declaration): boolean {
  return hasHiddenModifier(declaration) || isPrivateName(declaration);
}

function isClassAccessor(declaration: ts.Declaration): boolean {
  return (
    ts.isClassLike(declaration.parent) &&
    (ts.isAccessor(declaration) || ts.isAutoAccessorPropertyDeclaration(declaration))
  );
}

/** A property of a mapped type, with internals of the checker. */
interface MappedProperty extends ts.Symbol {
  readonly links?: {
    readonly mappedType?: { readonly declaration: ts.MappedTypeNode };
    /** The property that a homomorphic mapped type maps. */
    readonly syntheticOrigin?: MappedProperty;
  };
}

/**
 * Checks for the version or a timestamp, which the types of mongoose add to every document, but
 * mongoose only to saved ones. Their names may be options of the schema.
 */
function isOfSavedDocument(property: MappedProperty): boolean {
  const { syntheticOrigin, mappedType } = property.links ?? {};
  if (syntheticOrigin) return isOfSavedDocument(syntheticOrigin);
  const declarations = mappedType ? [mappedType.declaration] : (property.declarations ?? []);
  return declarations.some((declaration) => {
    const isDeclared = ts.isMappedTypeNode(declaration) || ts.isPropertySignature(declaration);
    const isOfMongoose = declaration.getSourceFile().fileName.includes("/node_modules/mongoose/");
    return isDeclared && isOfMongoose && /^(?:number|NativeDate)$/.test(declaration.type?.getText() ?? "");
  });
}

function isAbstract(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Abstract) !== 0;
}
