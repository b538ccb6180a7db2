import { tool } from "methodic";
import type { HydratedDocument, InferSchemaType, Schema, SortOrder, Types } from "mongoose";
import { recorded } from "../recorded.js";

interface User {
  email: string;
  age?: number;
  roles: ("admin" | "member")[];
  createdAt: Date;
}

type Article = InferSchemaType<
  Schema<
    unknown,
    unknown,
    unknown,
    unknown,
    unknown,
    unknown,
    { timestamps: false },
    { title: string; views: number; author?: string | null }
  >
>;

interface Album {
  cover: Buffer;
  owner: Types.ObjectId;
  counts: Map<string, number>;
  photos: { taken: Date; thumbnail: Buffer | null }[];
}

export class MongooseTools {
  /** Creates a user. */
  @tool() createUser(user: User): void {}

  /** Lists users in an order. */
  @tool() sortUsers(order: Record<"email" | "age", SortOrder>): void {}

  /** Creates an article. */
  @tool() createArticle(article: Article): void {}

  /** Returns plain users. */
  @tool() leanUsers(): (User & { _id: string })[] {
    return recorded();
  }

  /** Returns the id of a document. */
  @tool() getReference(): { user: Types.ObjectId } {
    return recorded();
  }
}

export class MongooseDocumentTools {
  /** Returns a document. */
  @tool() getUser(): HydratedDocument<User> {
    return recorded();
  }

  /** Returns documents with bytes, maps, and subdocuments. */
  @tool() getAlbums(): HydratedDocument<Album>[] {
    return recorded();
  }
}
