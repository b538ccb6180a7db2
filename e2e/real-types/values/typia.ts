import type { PackageValues } from "../packages.ts";

const member = { id: "123e4567-e89b-12d3-a456-426614174000", email: "ann@example.com", age: 30, nicknames: ["A"] };

export const typia: PackageValues = {
  addMember: {
    accepted: [member],
    refused: [
      [{ ...member, id: "1" }, "member.id"],
      [{ ...member, age: 19 }, "member.age"],
      [{ ...member, age: 30.5 }, "member.age"],
      [{ ...member, nicknames: [""] }, "member.nicknames[0]"],
      [{ ...member, nicknames: ["a", "b", "c"] }, "member.nicknames"],
    ],
  },
  findMember: { accepted: [member.id], refused: [["1", "id"]] },
  getMember: { accepted: [member], refused: [[{ ...member, email: "ann" }, "email"]] },
};
