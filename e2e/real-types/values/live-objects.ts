import mongoose from "mongoose";
import { DataTypes, Model, Sequelize } from "sequelize";

/** An object of a library, as a method returns it, and its JSON. */
interface LiveObject {
  /** The id of the tool that returns it. */
  readonly tool: string;
  readonly object: object;
  readonly json: object;
}

const { Schema, Types } = mongoose;
const id = new Types.ObjectId("507f1f77bcf86cd799439011");
const createdAt = new Date("2026-01-31T12:30:00.000Z");
const user = { email: "ann@example.com", age: 40, roles: ["admin"], createdAt };
const userJson = { ...user, createdAt: createdAt.toISOString() };

const UserModel = mongoose.model("User", new Schema({ email: String, age: Number, roles: [String], createdAt: Date }));
const AlbumModel = mongoose.model(
  "Album",
  new Schema({
    cover: Buffer,
    owner: Schema.Types.ObjectId,
    counts: { type: Map, of: Number },
    photos: [{ taken: Date, thumbnail: Buffer }],
  }),
);
const album = {
  _id: id,
  cover: Buffer.from("hi"),
  owner: id,
  counts: new Map([["likes", 2]]),
  photos: [{ _id: id, taken: createdAt, thumbnail: null }],
};
const albumJson = {
  _id: String(id),
  cover: "aGk=",
  owner: String(id),
  counts: { likes: 2 },
  photos: [{ _id: String(id), taken: createdAt.toISOString(), thumbnail: null }],
};

class Product extends Model {}
// No connection is made: the driver is not used.
Product.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true },
    name: DataTypes.STRING,
    price: DataTypes.FLOAT,
    discontinued: DataTypes.BOOLEAN,
    releasedOn: DataTypes.DATE,
  },
  { sequelize: new Sequelize({ dialect: "mysql", dialectModule: {}, logging: false }), timestamps: false },
);
const product = { id: 1, name: "Lamp", price: 9.5, discontinued: false };

/** Objects of mongoose and Sequelize; none of them needs a database. */
export const LIVE_OBJECTS: readonly LiveObject[] = [
  { tool: "mongoose.getUser", object: new UserModel({ _id: id, ...user }), json: { _id: String(id), ...userJson } },
  {
    tool: "mongoose.getUser",
    object: UserModel.hydrate({ _id: id, __v: 3, ...user }),
    json: { _id: String(id), __v: 3, ...userJson },
  },
  { tool: "mongoose.getAlbums", object: [new AlbumModel(album)], json: [albumJson] },
  { tool: "mongoose.getReference", object: { user: id }, json: { user: String(id) } },
  {
    tool: "sequelize.getProduct",
    object: Product.build({ ...product, releasedOn: createdAt }),
    json: { ...product, releasedOn: createdAt.toISOString() },
  },
];
