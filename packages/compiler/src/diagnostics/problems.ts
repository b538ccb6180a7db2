import { error, warning, type Problem } from "./problem.ts";

// Types (10x, 11x)

export const unsupportedType = (type: string, hint: string): Problem =>
  error("MTD101", `type '${type}' cannot be written as JSON Schema.`, hint);

export const entangledUnion = (): Problem =>
  error(
    "MTD101",
    "a union of object types cannot be written as JSON Schema: which of them a value belongs to depends on too much at once.",
    'Give each of them a property with a value of its own: kind: "a", kind: "b".',
  );

export const noJsonForm = (type: string, hint: string): Problem =>
  error("MTD102", `type '${type}' has no JSON form.`, hint);

export const functionInType = (type: string): Problem =>
  error(
    "MTD103",
    `'${type}' is a function, which JSON cannot carry.`,
    "Leave it out of the type, or mark the property @hidden.",
  );

export const promiseInType = (type: string): Problem =>
  error(
    "MTD104",
    `type '${type}' is a promise inside a value.`,
    "Await it before you return it, and use the type it resolves to.",
  );

export const neverInType = (type: string): Problem =>
  error("MTD105", `type '${type}' has no values.`, "Use a type that has values, or remove it.");

export const restInMiddle = (type: string): Problem =>
  error(
    "MTD106",
    `tuple '${type}' has a rest element that is not the last.`,
    "Move the rest element to the end, or use an array of a union.",
  );

export const propertyNameUnusable = (name: string): Problem =>
  error("MTD107", `the property name ${name} cannot be a JSON property.`, "Rename it.");

export const endlessType = (type: string): Problem =>
  error(
    "MTD108",
    `type '${type}' grows without end: every level is a new type.`,
    "Make the recursion refer to the same type arguments; give inner types of a deeply nested one names of their own.",
  );

export const schemaTooLarge = (limit: number): Problem =>
  error(
    "MTD109",
    `the schema has more than ${limit} parts once everything is written out.`,
    "Split the type, or make parts of it 'unknown'.",
  );

export const unresolvedType = (type: string): Problem =>
  error(
    "MTD110",
    `type '${type}' cannot be resolved.`,
    "Fix the TypeScript error first (is the import or the name right?).",
  );

export const circularAlias = (name: string): Problem =>
  error("MTD110", `type '${name}' cannot be resolved: it is defined by itself.`, "Fix the TypeScript error first.");

export const privateState = (type: string): Problem =>
  error(
    "MTD111",
    `class '${type}' has private or protected members, which JSON cannot carry.`,
    "Use an interface with the public properties.",
  );

export const computedEnum = (type: string): Problem =>
  error("MTD112", `enum '${type}' has members whose value is computed.`, "Give every member a literal value.");

export const ambiguousUnion = (path: string, kinds: readonly string[]): Problem =>
  error(
    "MTD116",
    `at ${path}: JSON does not tell ${kinds.join(" from ")}.`,
    'Use one of them, or objects with a literal property that tells them apart: { kind: "a"; at: Date } | { kind: "b"; text: string }.',
  );

export const invalidConstraint = (keyword: string, value: string, expected: string): Problem =>
  error("MTD117", `the constraint ${keyword} has the value '${value}'.`, `It takes ${expected}.`);

export const constraintDoesNotFit = (keyword: string, type: string, subject: string): Problem =>
  error(
    "MTD117",
    `the constraint ${keyword} does not fit the type '${type}'.`,
    `Intersect it with a type of ${subject}s.`,
  );

export const constraintAlone = (type: string): Problem =>
  error(
    "MTD117",
    `the constraint '${type}' stands alone.`,
    "Intersect it with the type that it narrows: string[] & MinItems<1>.",
  );

export const contradictoryConstraints = (lower: string, upper: string): Problem =>
  error("MTD118", `no value has both ${lower} and ${upper}.`, "Correct one of the two.");

// Parameters (12x)

export const restParameter = (name: string): Problem =>
  error("MTD120", `rest parameter '...${name}' has no name to be called by.`, `Write it as an array: ${name}: T[].`);

export const untypedParameter = (name: string): Problem =>
  error("MTD121", `parameter '${name}' has no type.`, `Write it: ${name}: string.`);

export const unreadableElements = (name: string): Problem =>
  error("MTD121", `the element type of '${name}' cannot be read from '[]'.`, `Write it: ${name}: string[] = [].`);

export const destructuringBesideOthers = (): Problem =>
  error(
    "MTD122",
    "a destructured parameter stands beside other parameters.",
    "Destructure the only parameter, or give this one a name and destructure it in the body.",
  );

export const inputNotObject = (type: string): Problem =>
  error(
    "MTD123",
    `the destructured parameter of type '${type}' is no plain object, and an MCP input has to be one.`,
    "Use one object type, or give the parameter a name.",
  );

export const secondContext = (name: string): Problem =>
  error("MTD124", `'${name}' is a second Context parameter.`, "Remove it: there is one Context for a call.");

export const parameterBesideInput = (name: string): Problem =>
  error(
    "MTD125",
    `'${name}' is a second parameter, and the decorator's inputSchema describes one object.`,
    "Take the whole input as one parameter, ({ a, b }), or remove inputSchema: then each parameter is a property of the input.",
  );

// Methods (13x)

export const hiddenMethod = (modifier: string): Problem =>
  error("MTD130", `a ${modifier} method cannot be called by a client.`, `Make it public, or remove the decorator.`);

export const methodTypeParameters = (name: string): Problem =>
  error("MTD131", `type parameter '${name}' is not known when the schema is written.`, "Use concrete types.");

export const overloads = (count: number): Problem =>
  error(
    "MTD132",
    `the method has ${count} overloads, and a tool has one input.`,
    "Write one signature, with a union or optional parameters.",
  );

export const openTypeParameter = (name: string): Problem =>
  error(
    "MTD133",
    `type parameter '${name}' is not known here.`,
    "Use a concrete type, or decorate the method in a base class and extend it with the type filled in: class Users extends Base<User>.",
  );

export const decoratedProperty = (decorator: string): Problem =>
  error("MTD134", `@${decorator} stands on a property.`, "Make it a method.");

export const decoratedAccessor = (decorator: string): Problem =>
  error("MTD135", `@${decorator} stands on an accessor.`, "Make it a method.");

export const computedName = (name: string): Problem =>
  error(
    "MTD136",
    `the method name '${name}' is not known when the schema is written.`,
    "Give the method a plain name.",
  );

export const staticMethod = (decorator: string): Problem =>
  error(
    "MTD137",
    `@${decorator} stands on a static method.`,
    "Make it an instance method: a server holds instances of its services.",
  );

export const secondDecorator = (first: string, second: string): Problem =>
  error("MTD138", `the method is a ${first} already and cannot be a ${second} as well.`, "Keep one of the decorators.");

export const decoratedClass = (decorator: string): Problem =>
  error("MTD139", `@${decorator} stands on a class.`, "Decorate its methods.");

// Documentation (14x)

export const invalidTag = (tag: string, value: string, expected: string): Problem =>
  error("MTD140", `the JSDoc tag @${tag} has the value '${value}'.`, `It takes ${expected}.`);

export const tagDoesNotFit = (tag: string, type: string, hint: string): Problem =>
  error("MTD141", `the JSDoc tag @${tag} does not fit the type '${type}'.`, hint);

const DETACHED_HINTS = {
  brace: "Begin it on a line of its own: after '{' TypeScript attaches it to nothing.",
  member: "Begin it on a line of its own: beside the member before it TypeScript attaches it to nothing.",
  decorator: "Move it above the decorators.",
};

export const detachedDoc = (after: keyof typeof DETACHED_HINTS): Problem =>
  warning("MTD142", "this JSDoc comment belongs to nothing, so nobody will read it.", DETACHED_HINTS[after]);

export const unknownParam = (name: string, known: readonly string[]): Problem =>
  warning(
    "MTD143",
    `@param ${name} names no parameter.`,
    known.length > 0 ? `The parameters are: ${known.join(", ")}.` : "The method has no parameters.",
  );

export const unknownFormat = (name: string, known: readonly string[]): Problem =>
  warning("MTD144", `nobody checks the format '${name}'.`, `Formats that are checked: ${known.join(", ")}.`);

export const refusedDefault = (path: string, value: string): Problem =>
  warning(
    "MTD145",
    `the default ${value} of ${path} does not follow its own schema, so it is not published.`,
    "Correct the default or the constraint.",
  );

// Resources and prompts (15x)

export const invalidTemplate = (uri: string, reason: string): Problem =>
  error(
    "MTD150",
    `'${uri}' is no URI template: ${reason}.`,
    "See RFC 6570: notes://{name}, files://{path*}, search://notes{?query,limit}.",
  );

export const unknownVariable = (name: string, known: readonly string[]): Problem =>
  error(
    "MTD151",
    `the URI template has a variable '${name}', but the method has no such parameter.`,
    known.length > 0 ? `Its parameters are: ${known.join(", ")}.` : `Add it: ${name}: string.`,
  );

export const missingVariable = (name: string, uri: string): Problem =>
  error(
    "MTD152",
    `nothing in '${uri}' gives the parameter '${name}' a value.`,
    `Add {${name}} to the URI, or make the parameter optional.`,
  );

export const structuredVariable = (name: string): Problem =>
  error(
    "MTD153",
    `parameter '${name}' is filled from a URI, which carries text.`,
    "Use string, number, boolean, an enum, or an array of these.",
  );

export const unknownListMethod = (name: string): Problem =>
  error(
    "MTD154",
    `the option list names '${name}', which is no method of this class.`,
    "Name a method of the same class.",
  );

export const computedUri = (): Problem =>
  warning(
    "MTD155",
    "the URI is computed, so it cannot be checked or published in the artifact.",
    "Write it as a literal or a constant.",
  );

// Results (16x)

export const streamedResult = (type: string): Problem =>
  error(
    "MTD160",
    `a result of type '${type}' cannot be sent: MCP results are whole values.`,
    "Collect it into an array, and report progress through the Context.",
  );

// Projects (17x)

export const fileNotFound = (file: string): Problem =>
  error("MTD170", `'${file}' does not exist.`, "Check the path; it is relative to the project's folder.");

export const tsconfigNotFound = (file: string): Problem =>
  error("MTD171", `the tsconfig '${file}' does not exist.`, "Check the path, or leave it out to use the defaults.");

export const noFiles = (where: string): Problem =>
  error(
    "MTD172",
    `no TypeScript files are found through '${where}'.`,
    "Check the tsconfig's files and include, or name the files.",
  );

export const unresolvedPackage = (): Problem =>
  error(
    "MTD173",
    "the package 'methodic' cannot be resolved, so its decorators mean nothing.",
    "Install it: npm install methodic.",
  );

export const fileNotInProject = (file: string): Problem =>
  error("MTD174", `'${file}' is no part of the project.`, "Name a TypeScript source file of the project.");

// JavaScript to be patched (18x)

export const notEmitted = (source: string, looked: string): Problem =>
  error(
    "MTD180",
    `there is no JavaScript of '${source}' (looked for ${looked}).`,
    "Compile the project first, or name the folder of the JavaScript with --out-dir.",
  );

export const staleOutput = (output: string, what: string): Problem =>
  error("MTD181", `'${output}' ${what}.`, "Compile the project again, for ES2015 or later and without minifying.");

export const foreignManifest = (output: string): Problem =>
  error(
    "MTD182",
    `'${output}' carries manifests already, which no patch has put there.`,
    "Patch what tsc or swc has written; the output of 'methodic build' and of the bundler plugins is complete.",
  );

export const unloweredDecorators = (output: string): Problem =>
  warning(
    "MTD183",
    `'${output}' still has its decorators, which no engine runs yet.`,
    'Set "target": "ES2024" or lower in the tsconfig and compile again, unless a bundler lowers them afterwards.',
  );
