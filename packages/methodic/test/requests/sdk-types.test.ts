import type * as Sdk from "@modelcontextprotocol/server";
import { describe, expectTypeOf, it } from "vitest";
import type { ContentBlock, ResourceContents } from "../../src/context/content.ts";
import type { CallToolResult, GetPromptResult } from "../../src/context/component-calls.ts";
import type { Mutable } from "../../src/protocol/sdk-types.ts";
import type {
  PromptArgument,
  PromptDescription,
  ResourceDescription,
  ResourceTemplateDescription,
  ToolDescription,
} from "../../src/manifest/descriptions.ts";

/** The declared keys of a type. The SDK's types also have an index signature. */
type Keys<T> = keyof { [Key in keyof T as string extends Key ? never : Key]: T[Key] };

type Block<Type extends ContentBlock["type"]> = Extract<ContentBlock, { type: Type }>;
type SdkBlock<Type extends ContentBlock["type"]> = Extract<Sdk.ContentBlock, { type: Type }>;

// Checked by the compiler: `npm run typecheck` fails if a type no longer fits.
describe("types that mirror the SDK's", () => {
  it("have every content block type of MCP", () => {
    expectTypeOf<ContentBlock["type"]>().toEqualTypeOf<Sdk.ContentBlock["type"]>();
  });

  it("have the same fields in every content block", () => {
    expectTypeOf<keyof Block<"text">>().toEqualTypeOf<Keys<SdkBlock<"text">>>();
    expectTypeOf<keyof Block<"image">>().toEqualTypeOf<Keys<SdkBlock<"image">>>();
    expectTypeOf<keyof Block<"audio">>().toEqualTypeOf<Keys<SdkBlock<"audio">>>();
    expectTypeOf<keyof Block<"resource">>().toEqualTypeOf<Keys<SdkBlock<"resource">>>();
    expectTypeOf<keyof Block<"resource_link">>().toEqualTypeOf<Keys<SdkBlock<"resource_link">>>();
  });

  it("are assignable to the SDK's once they are mutable", () => {
    expectTypeOf<Mutable<ContentBlock>>().toExtend<Sdk.ContentBlock>();
    expectTypeOf<Mutable<ResourceContents>>().toExtend<Sdk.ReadResourceResult["contents"][number]>();
    expectTypeOf<Mutable<CallToolResult>>().toExtend<Sdk.CallToolResult>();
    expectTypeOf<Mutable<GetPromptResult>>().toExtend<Sdk.GetPromptResult>();
  });

  it("have no fields in descriptions that MCP does not have", () => {
    expectTypeOf<keyof ToolDescription>().toExtend<Keys<Sdk.Tool>>();
    expectTypeOf<keyof ResourceDescription>().toExtend<Keys<Sdk.Resource>>();
    expectTypeOf<keyof ResourceTemplateDescription>().toExtend<Keys<Sdk.ResourceTemplateType>>();
    expectTypeOf<keyof PromptDescription>().toExtend<Keys<Sdk.Prompt>>();
    // The SDK's type lacks the title, which MCP has.
    type SdkArgument = NonNullable<Sdk.Prompt["arguments"]>[number];
    expectTypeOf<Exclude<keyof PromptArgument, "title">>().toExtend<Keys<SdkArgument>>();
  });
});
