/** How many messages a JSON-RPC batch may hold. */
export const MAX_BATCH_SIZE = 100;
