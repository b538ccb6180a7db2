import type ts from "typescript";
import type { Compilation } from "../manifest.ts";
import { type GeneratedNames, manifestTail, type ModuleFormat } from "./manifest-code.ts";
import { siteTail } from "./site-code.ts";

/** The services and calls of one module. */
export type ModuleData = Pick<Compilation, "services" | "calls">;

/** Returns the services and calls of one file. */
export function partOf({ services, calls }: ModuleData, sourceFile: ts.SourceFile): ModuleData {
  return {
    services: services.filter((service) => service.sourceFile === sourceFile),
    calls: calls.filter((call) => call.sourceFile === sourceFile),
  };
}

/** Writes the code at the end of a module that its services and calls refer to. */
export function moduleTail({ services, calls }: ModuleData, names: GeneratedNames, format: ModuleFormat): string {
  const manifests = services.length > 0 ? manifestTail(services, names, format) : "";
  return manifests + siteTail(calls, names);
}
