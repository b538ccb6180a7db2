import type { AccessRule } from "../context/auth-info.ts";
import type { ComponentDefinition } from "../decorators/definition.ts";
import type { MemberManifest, TypedMember } from "../manifest/format.ts";
import type { ComponentAccess } from "./access-rules.ts";
import type {
  PromptDescription,
  ResourceDescription,
  ResourceTemplateDescription,
  ToolDescription,
} from "./descriptions.ts";
import type { ToolSchemas } from "./tool-schemas.ts";
import type { UriTemplate } from "../uri-template/uri-template.ts";

/** A decorated method of a service that is about to become a component. */
export interface Candidate {
  /** `Class.method`, for messages. */
  readonly where: string;
  readonly service: object;
  readonly methodName: string;
  readonly definition: ComponentDefinition;
  /** The rules of the service's classes. */
  readonly serviceRules: readonly AccessRule[];
  readonly member: MemberManifest;
}

/** What every registered component has. */
export interface Component {
  readonly name: string;
  readonly where: string;
  readonly service: object;
  readonly methodName: string;
  readonly member: MemberManifest;
  /** Undefined if everybody may use it. */
  readonly access: ComponentAccess | undefined;
}

/** A registered tool. */
export interface Tool extends Component {
  readonly schemas: ToolSchemas;
  /** The tool's own option, which wins over the server's. */
  readonly validateOutput: boolean | undefined;
  readonly description: ToolDescription;
}

/** A registered resource with a URI of its own. */
export interface Resource extends Component {
  readonly member: TypedMember;
  readonly uri: string;
  readonly mimeType: string | undefined;
  readonly description: ResourceDescription;
}

/** A registered resource template. */
export interface ResourceTemplate extends Component {
  readonly member: TypedMember;
  readonly template: UriTemplate;
  /** Variables whose values are checked for path traversal. */
  readonly checkedVariables: readonly string[];
  readonly mimeType: string | undefined;
  /** The method that lists the concrete resources. */
  readonly listMethod: string | undefined;
  readonly description: ResourceTemplateDescription;
}

/** A registered prompt. */
export interface Prompt extends Component {
  readonly member: TypedMember;
  readonly description: PromptDescription;
}
