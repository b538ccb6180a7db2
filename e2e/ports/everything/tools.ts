import {
  type ContentBlock,
  type Context,
  image,
  type Range,
  resourceLink,
  tool,
  ToolError,
  type ToolOptions,
} from "methodic";
import { contentsOf, explainId, type Kind } from "./contents.ts";

interface Weather {
  /** Temperature in degrees Celsius */
  temperature: number;
  /** The sky */
  conditions: string;
  /** Relative humidity in percent */
  humidity: number;
}

const WEATHER = {
  "New York": { temperature: 33, conditions: "Cloudy", humidity: 82 },
  Chicago: { temperature: 36, conditions: "Light rain / drizzle", humidity: 82 },
  "Los Angeles": { temperature: 73, conditions: "Sunny / Clear", humidity: 48 },
};

/** A chessboard of eight by eight pixels, as base64. */
const LOGO = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAE0lEQVR42mNQ+A+BDFBagYEsEQAMEyPhV6xBPwAAAABJRU5ErkJggg==";

const read = (options?: ToolOptions) =>
  tool({
    ...options,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  });

export class PlainTools {
  /** Returns the message. @title Echo Tool @param message Text to return */
  @read() echo(message: string): string {
    return `Echo: ${message}`;
  }

  /**
   * Shows how annotations describe the audience of content.
   * @title Get Annotated Message Tool
   * @param messageType Kind of the message
   * @param includeImage Adds an image
   */
  @read() getAnnotatedMessage(messageType: "error" | "success" | "debug", includeImage = false): ContentBlock[] {
    const messages = {
      error: { text: "Error: Operation failed", priority: 1, audience: ["user", "assistant"] },
      success: { text: "Operation completed successfully", priority: 0.7, audience: ["user"] },
      debug: { text: "Debug: Cache hit ratio 0.95, latency 150ms", priority: 0.3, audience: ["assistant"] },
    } as const;
    const { text, priority, audience } = messages[messageType];
    const message: ContentBlock = { type: "text", text, annotations: { priority, audience: [...audience] } };
    const annotations = { priority: 0.5, audience: ["user" as const] };
    return includeImage ? [message, image({ data: LOGO, annotations })] : [message];
  }

  /** Returns the environment of the server. @title Print Environment Tool */
  @read() getEnv(): string {
    return JSON.stringify(process.env, null, 2);
  }

  /** Returns links to resources. @title Get Resource Links Tool @param count Number of links */
  @read() getResourceLinks(count: Range<1, 10> = 3): ContentBlock[] {
    const links = Array.from({ length: count }, (_, i) => {
      const kind: Kind = i % 2 === 0 ? "Blob" : "Text";
      const { uri } = contentsOf(kind, i + 1);
      const description = `Resource ${i + 1}: plaintext resource`;
      return resourceLink(uri, { name: `${kind} Resource ${i + 1}`, description, mimeType: "text/plain" });
    });
    return [
      { type: "text", text: `Here are ${count} resource links to resources available in this server:` },
      ...links,
    ];
  }

  /** Returns a resource. @title Get Resource Reference Tool @param resourceId ID of the resource */
  @read() getResourceReference(resourceType: Kind = "Text", resourceId = 1): ContentBlock[] {
    const problem = explainId(resourceId);
    if (problem !== undefined) throw new ToolError(problem);
    const resource = contentsOf(resourceType, resourceId);
    return [
      { type: "text", text: `Returning resource reference for Resource ${resourceId}:` },
      { type: "resource", resource },
      { type: "text", text: `You can access this resource using the URI: ${resource.uri}` },
    ];
  }

  /** Returns data with a schema. @title Get Structured Content Tool @param location The city */
  @read() getStructuredContent(location: "New York" | "Chicago" | "Los Angeles"): Weather {
    return WEATHER[location];
  }

  /** Adds two numbers. @title Get Sum Tool @param a First number @param b Second number */
  @read() getSum(a: number, b: number): string {
    return `The sum of ${a} and ${b} is ${a + b}.`;
  }

  /** Returns a tiny image. @title Get Tiny Image Tool */
  @read() getTinyImage(): ContentBlock[] {
    return [
      { type: "text", text: "Here's the image you requested:" },
      image({ data: LOGO }),
      { type: "text", text: "The image above is the MCP logo." },
    ];
  }

  /**
   * Takes its time and reports progress.
   * @title Trigger Long Running Operation Tool
   * @param duration Seconds that it takes
   * @param steps Number of steps
   */
  @read() async triggerLongRunningOperation(duration = 10, steps = 5, ctx: Context): Promise<string> {
    for (let step = 1; step <= steps; step++) {
      await new Promise((resolve) => setTimeout(resolve, (1000 * duration) / steps));
      ctx.signal.throwIfAborted();
      await ctx.progress(step, steps);
    }
    return `Long running operation completed. Duration: ${duration} seconds, Steps: ${steps}.`;
  }
}
