export {
  createTestClient,
  type TestCallOptions,
  type TestClient,
  type TestClientOptions,
  type TestLog,
  type TestProgress,
  type TestToolResult,
} from "./test-client.ts";
export type {
  TestAnswer,
  TestAnswers,
  TestUrlQuestion,
  TestUrlAnswer,
  TestQuestion,
  TestSample,
  TestSampling,
} from "./test-answers.ts";
export { storeContract, type StoreCheck, type StoreContractOptions } from "./store-contract.ts";
