import { boolean, integer, jsonb, pgTable, serial, text, timestamp, varchar } from "drizzle-orm/pg-core";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

const users = pgTable("users", {
  id: serial("id").primaryKey(),
  email: varchar("email", { length: 255 }).notNull(),
  name: text("name"),
  role: text("role", { enum: ["admin", "member"] })
    .notNull()
    .default("member"),
  active: boolean("active").notNull().default(true),
  createdAt: timestamp("created_at").notNull().defaultNow(),
});

const posts = pgTable("posts", {
  id: serial("id").primaryKey(),
  authorId: integer("author_id").references(() => users.id),
  tags: text("tags").array().notNull(),
  settings: jsonb("settings").$type<{ theme: "dark" | "light"; pinned?: boolean }>(),
});

export class DrizzleTools {
  /** Inserts a user. */
  @tool() insertUser(user: typeof users.$inferInsert): void {}

  /** Changes a post. */
  @tool() updatePost(post: Partial<typeof posts.$inferInsert>): void {}

  /** Returns users. */
  @tool() listUsers(): (typeof users.$inferSelect)[] {
    return recorded();
  }

  /** Returns a post. */
  @tool() getPost(): typeof posts.$inferSelect {
    return recorded();
  }
}
