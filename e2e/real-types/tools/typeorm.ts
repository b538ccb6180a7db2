import { tool } from "methodic";
import {
  Column,
  Entity,
  PrimaryGeneratedColumn,
  type DeepPartial,
  type FindManyOptions,
  type InsertResult,
} from "typeorm";
import { recorded } from "../recorded.js";

@Entity()
class Author {
  @PrimaryGeneratedColumn() id!: number;
  @Column("text") name!: string;
}

@Entity()
class Book {
  @PrimaryGeneratedColumn() id!: number;
  /** @minLength 1 */
  @Column("text") title!: string;
  @Column("int") pages!: number;
  @Column("date") publishedAt!: Date;
  author!: Author;
  /** Returns the title in capital letters. */
  shout(): string {
    return this.title.toUpperCase();
  }
}

export class TypeormTools {
  /** Creates a book. */
  @tool() createBook(book: DeepPartial<Pick<Book, "title" | "pages" | "author">>): void {}

  /** Changes a book. */
  @tool() updateBook(book: DeepPartial<Book>): void {}

  /** Finds books. */
  @tool() findBooks(options: FindManyOptions<Book>): void {}

  /** Returns a book. */
  @tool() getBook(): Book {
    return recorded();
  }

  /** Returns the outcome of an insertion. */
  @tool() inserted(): Pick<InsertResult, "identifiers" | "generatedMaps"> {
    return recorded();
  }
}
