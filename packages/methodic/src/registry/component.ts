import type { MemberManifest, TypedMember } from "../manifest/format.ts";
import type { DecoratorSchema } from "../json-schema/decorator-schema.ts";
import type { ComponentId } from "../context/server-log.ts";
import type { CacheHint } from "../decorators/definition.ts";
import type { UriTemplate } from "../uri-template/uri-template.ts";
import type { ComponentAccess } from "./access-rules.ts";
import type {
  PromptDescription,
  ResourceDescription,
  ResourceTemplateDescription,
  ToolDescription,
} from "../manifest/descriptions.ts";
import type { ToolSchemas } from "./tool-schemas.ts";

/** A service, which may be made after the registry. */
export interface ServiceHandle {
  /** The service, or an object with its prototypes until it is made. */
  readonly shape: object;
  /** The service; undefined until it is made. */
  readonly value: unknown;
}

/** The properties of every registered component. */
export interface Component {
  readonly id: ComponentId;
  readonly name: string;
  /** Key of client requests: the name, the URI, or the shape of the URI template. */
  readonly key: string;
  /** Undefined if the decorator has no version. */
  readonly version: string | undefined;
  /** `Class.method`, for messages. */
  readonly where: string;
  /** The place in the order in which components were added: greater than that of all before. */
  readonly order: number;
  /** Names by which the author enables and disables several components. */
  readonly tags: readonly string[];
  /** False if clients cannot use the component before the author enables it. */
  readonly isEnabledAtFirst: boolean;
  readonly service: ServiceHandle;
  readonly methodName: string;
  readonly member: MemberManifest;
  /** True if a method takes a `Context`. */
  readonly usesContext: boolean;
  /** The time after which a call of the method ends with an error; 0 for none. */
  readonly timeoutMs: number;
  readonly cacheHint: CacheHint | undefined;
  /** Undefined if every caller may use the component. */
  readonly access: ComponentAccess | undefined;
}

/** A registered tool. */
export interface Tool extends Component {
  readonly schemas: ToolSchemas;
  /** The tool's own option; it takes precedence over the server's. */
  readonly validateOutput: boolean | undefined;
  /** The interval of progress reports while the method works; 0 for none. */
  readonly heartbeatMs: number;
  /** Writes the text next to the structured data. Default: JSON. */
  readonly render: ((value: unknown) => unknown) | undefined;
  readonly description: ToolDescription;
}

/** A component whose input arrives as text. */
export interface TextComponent extends Component {
  readonly member: TypedMember;
  /** The schema that validates the input, for a component without a class. */
  readonly inputSchema: DecoratorSchema | undefined;
}

/** A registered resource with a fixed URI. */
export interface Resource extends TextComponent {
  readonly uri: string;
  readonly mimeType: string | undefined;
  readonly description: ResourceDescription;
}

/** A registered resource template. */
export interface ResourceTemplate extends TextComponent {
  readonly template: UriTemplate;
  /** Variables whose values are checked for path traversal. */
  readonly checkedVariables: readonly string[];
  readonly mimeType: string | undefined;
  /** The name of the method that lists the concrete resources. */
  readonly listMethod: string | undefined;
  readonly description: ResourceTemplateDescription;
}

/** A registered prompt. */
export interface Prompt extends TextComponent {
  readonly description: PromptDescription;
}
