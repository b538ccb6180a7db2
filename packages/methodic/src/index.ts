export { tool, type ComponentDecorator, type SchemaDecorator } from "./decorators/tool.ts";
export { resource } from "./decorators/resource.ts";
export { service, type ServiceDecorator } from "./decorators/service.ts";
export { prompt } from "./decorators/prompt.ts";
export { completion, type CompletionDecorator, type CompletionResult } from "./decorators/completion.ts";
export { type DefinedTool, defineTool, type DefineToolOptions } from "./decorators/define-tool.ts";
export {
  type DefinedResource,
  defineResource,
  type DefineResourceOptions,
  type TemplateVariables,
} from "./decorators/define-resource.ts";
export { type DefinedPrompt, definePrompt, type DefinePromptOptions } from "./decorators/define-prompt.ts";
export type { PlainSchema } from "./decorators/defined-component.ts";
export type {
  Annotations,
  CacheHint,
  ComponentOptions,
  Icon,
  JsonSchemaObject,
  PromptOptions,
  ResourceOptions,
  ServiceOptions,
  StandardIssue,
  StandardResult,
  StandardSchema,
  ToolAnnotations,
  ToolOptions,
} from "./decorators/definition.ts";
export {
  type Extension,
  extension,
  type ExtensionContext,
  type ExtensionMethod,
  type ExtensionOptions,
  type ExtensionResult,
  type ExtensionSettings,
  type ExtensionToolCall,
} from "./extensions/extension.ts";
export { createServer } from "./server/create-server.ts";
export type { ConnectOptions, Server } from "./server/server.ts";
export type { ServerComponents, TagSelector } from "./server/runtime-components.ts";
export type { HttpHandlerOptions, HttpServeOptions, ServeOptions, StdioServeOptions } from "./server/serve-options.ts";
export type { HttpAddress, NodeHandler } from "./server/http-listener.ts";
export { config, type ConfigOptions } from "./config/config.ts";
export { createNotifier } from "./server/notifier.ts";
export type { Notifier } from "./context/notifier.ts";
export type { Naming, ServerAuth, ServerOptions } from "./server/options.ts";
export type {
  ClassProvider,
  FactoryProvider,
  Provider,
  ResolveService,
  ServiceClass,
  ValueProvider,
} from "./services/provider.ts";
export type { OnStart, OnStop } from "./services/hooks.ts";
export { token, type ServiceKey, type Token } from "./context/token.ts";
export { memoryStore, type MemoryStoreOptions } from "./store/memory-store.ts";
export type { Store, StoreChange, StoreSetOptions } from "./store/store.ts";
export type { TimeSpan } from "./util/duration.ts";
export type { HttpLimits, HttpOptions, RouteHandler } from "./http/options.ts";
export type { SessionOptions } from "./http/streamable-2025/session-options.ts";
export type { EventStore } from "./http/event-store.ts";
export type { Transport } from "./transports/transport.ts";
export type { JsonRpcMessage } from "./util/json-rpc.ts";
export type { Context, Logger, LogLevel } from "./context/context.ts";
export type {
  Root,
  SampledContent,
  SamplingContent,
  SamplingMessage,
  SamplingOptions,
  SamplingResult,
  SamplingTool,
  ToolResultContent,
  ToolUseContent,
} from "./context/sampling.ts";
export type { LogFields, MessageLogger, ServerLogger, StructuredLogger } from "./context/server-logger.ts";
export type { Progress } from "./context/progress.ts";
export type { SessionState, State, StateOptions } from "./context/state.ts";
export type { Answer, AnyFormValues, FormValues, FormValue, Question, UrlAnswer } from "./context/answers.ts";
export type { CallInfo, ClientInfo, HttpInfo, ProtocolEra, ServerInfo } from "./context/call-info.ts";
export type { ComponentFilter, ComponentView, RequestView, VersionChoice } from "./context/request-view.ts";
export type { AccessPredicate, AccessRequest, AccessRule, AccessRules, AuthInfo } from "./context/auth-info.ts";
export { resourceLink, toolResult } from "./dispatch/content.ts";
export { audio, file, type FileData, type FileSource, image } from "./dispatch/media.ts";
export type { MediaData, MediaPath, MediaUrl } from "./dispatch/media-source.ts";
export type {
  AudioContent,
  BlobResourceContents,
  ContentBlock,
  EmbeddedResource,
  ImageContent,
  PromptMessage,
  ResourceContents,
  ResourceLink,
  TextContent,
  TextResourceContents,
} from "./context/content.ts";
export type { CallToolResult, GetPromptResult, ReadResourceResult, WithText } from "./context/component-calls.ts";
export type { ToolResult, ToolResultOptions } from "./dispatch/content.ts";
export { MethodicError, PromptError, ResourceError, ToolError, type MethodicErrorCode } from "./errors.ts";
export type { JsonSchema, JsonValue } from "./manifest/format.ts";
export type {
  Base64,
  Constraint,
  ConstraintKeywords,
  Duration,
  Email,
  Format,
  GreaterThan,
  Hostname,
  Int,
  Ipv4,
  Ipv6,
  IsoDate,
  IsoDateTime,
  IsoTime,
  Items,
  Length,
  LessThan,
  Max,
  MaxItems,
  MaxLength,
  MaxProperties,
  Min,
  MinItems,
  MinLength,
  MinProperties,
  MultipleOf,
  NonEmpty,
  Pattern,
  Range,
  StringFormat,
  UniqueItems,
  Url,
  Uuid,
} from "./constraints.ts";
