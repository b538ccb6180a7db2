import { createConformanceServer } from "./server.ts";

await createConformanceServer({}).serve({ transport: "stdio" });
