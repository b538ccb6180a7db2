import { tool } from "methodic";
import type { Prisma, User } from "../fixtures/prisma-client.js";
import { recorded } from "../recorded.js";

export class PrismaTools {
  /** Creates a user. */
  @tool() createUser(data: Prisma.UserCreateInput): void {}

  /** Finds users. */
  @tool() findUsers(where: Prisma.UserWhereInput, orderBy?: Prisma.UserOrderByInput[]): void {}

  /** Returns users. */
  @tool() getUsers(): User[] {
    return recorded();
  }

  /** Returns the settings of a user. */
  @tool() getSettings(): { settings: Prisma.JsonValue } {
    return recorded();
  }
}
