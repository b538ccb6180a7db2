import type { tags } from "@typia/interface";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

interface Member {
  id: string & tags.Format<"uuid">;
  email: string & tags.Format<"email">;
  age: number & tags.Type<"uint32"> & tags.ExclusiveMinimum<19> & tags.Maximum<100>;
  nicknames: (string & tags.MinLength<1>)[] & tags.MaxItems<2>;
}

export class TypiaTools {
  /** Adds a member. */
  @tool() addMember(member: Member): void {}

  /** Finds a member. */
  @tool() findMember(id: Member["id"]): void {}

  /** Returns a member. */
  @tool() getMember(): Member {
    return recorded();
  }
}
