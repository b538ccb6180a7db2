import { completion, prompt, PromptError, type PromptMessage } from "methodic";
import { contentsOf, explainId, type Kind } from "./contents.ts";

type Department = "Engineering" | "Sales" | "Marketing" | "Support";

const MEMBERS: Readonly<Record<Department, readonly string[]>> = {
  Engineering: ["Alice", "Bob", "Charlie"],
  Sales: ["David", "Eve", "Frank"],
  Marketing: ["Grace", "Henry", "Iris"],
  Support: ["John", "Kim", "Lee"],
};

export class Prompts {
  /** A prompt without arguments. @title Simple Prompt */
  @prompt() simplePrompt(): string {
    return "This is a simple prompt without arguments.";
  }

  /**
   * A prompt with two arguments.
   * @title Arguments Prompt
   * @param city The city
   * @param state The state
   */
  @prompt() argsPrompt(city: string, state?: string): string {
    return `What's weather in ${state ? `${city}, ${state}` : city}?`;
  }

  /**
   * A prompt whose arguments are completed.
   * @title Team Management
   * @param department The department
   * @param name Its new head
   */
  @prompt() completablePrompt(department: Department, name: string): string {
    return `Please promote ${name} to the head of the ${department} team.`;
  }

  @completion("completable-prompt", "name")
  members(_typed: string, { department = "" }: { department?: string }): readonly string[] {
    return MEMBERS[department as Department] ?? [];
  }

  /**
   * A prompt that contains a resource.
   * @title Resource Prompt
   * @param resourceType Kind of the resource
   * @param resourceId ID of the resource
   */
  @prompt() resourcePrompt(resourceType: Kind, resourceId: number): PromptMessage[] {
    const problem = explainId(resourceId);
    if (problem !== undefined) throw new PromptError(problem);
    const text = `This prompt includes the ${resourceType} resource with id: ${resourceId}. Please analyze the following resource:`;
    return [
      { role: "user", content: { type: "text", text } },
      { role: "user", content: { type: "resource", resource: contentsOf(resourceType, resourceId) } },
    ];
  }

  @completion("resource-prompt", "resourceId") ids(typed: string): string[] {
    return explainId(Number(typed)) === undefined ? [typed] : [];
  }
}
