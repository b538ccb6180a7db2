import { tool } from "methodic";
import type { CreationAttributes, CreationOptional, InferAttributes, InferCreationAttributes, Model } from "sequelize";
import { recorded } from "../recorded.js";

interface Product extends Model<InferAttributes<Product>, InferCreationAttributes<Product>> {
  id: CreationOptional<number>;
  name: string;
  price: number;
  discontinued: CreationOptional<boolean>;
  releasedOn: Date | null;
}

export class SequelizeTools {
  /** Creates a product. */
  @tool() createProduct(product: CreationAttributes<Product>): void {}

  /** Changes a product. */
  @tool() updateProduct(product: Partial<InferAttributes<Product>>): void {}

  /** Returns the fields of a product. */
  @tool() getFields(): InferAttributes<Product> {
    return recorded();
  }
}

export class SequelizeModelTools {
  /** Returns a product. */
  @tool() getProduct(): Product {
    return recorded();
  }
}
