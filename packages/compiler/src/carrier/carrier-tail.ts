import type { CompiledService } from "../manifest.ts";
import { carrierText, type CarrierNames, type ModuleFormat } from "./inject.ts";
import { generateValidators } from "./validators.ts";

/** Writes what the getters of a module's services call, for the end of the module. */
export function carrierTail(services: readonly CompiledService[], names: CarrierNames, format: ModuleFormat): string {
  const manifests = services.map((service) => {
    const members = new Map([...service.members].map(([name, member]) => [name, member.data]));
    return { members, validators: generateValidators(members, names.helpers) };
  });
  return carrierText(manifests, names, format);
}
