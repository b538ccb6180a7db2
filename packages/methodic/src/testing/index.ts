export {
  createTestClient,
  type TestAnswer,
  type TestCallOptions,
  type TestClient,
  type TestClientOptions,
  type TestLog,
  type TestProgress,
  type TestQuestion,
  type TestToolResult,
} from "./test-client.ts";
export { storeContract, type StoreCheck, type StoreContractOptions } from "./store-contract.ts";
