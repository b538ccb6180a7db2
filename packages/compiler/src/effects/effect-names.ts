/** Names of methods that change something wherever they are called. */
const VERBS: ReadonlySet<string> = new Set(
  (
    "insert create update delete remove save send post put patch charge refund transfer publish enqueue write upsert " +
    "destroy purge increment decrement deploy submit upload capture archive"
  ).split(" "),
);

/** Names that change something on a remote system: Redis's `set` returns a promise. */
const REMOTE_VERBS: ReadonlySet<string> = new Set(
  "set add push append del incr decr hset lpush rpush cancel commit reserve book pay notify invite approve".split(" "),
);

/** `createIssue`, `deleteMany`, `put_item`. */
const COMPOUND =
  /^(?:insert|create|update|delete|remove|save|send|post|put|patch|charge|refund|transfer|publish|enqueue|write|upsert|destroy|purge|replace|submit|upload|cancel|book|reserve|pay|invite|bulk|findOneAnd|findAnd)(?=[A-Z_])/;

/** Reports and registrations, which may be repeated: `sendProgress`, `removeListener`. */
const HARMLESS = /Listener|Progress|Log(?:$|[A-Z])|Metric|Notification|Heartbeat/;

/** Functions that make an object of this process, not a record of a system. */
const FACTORY =
  /^create\w*(?:Client|Connection|Reader|Writer|Server|Session|Pool|Context|Browser|Transport|Stream|Logger|Instance|Builder|Worker|Channel|Interface|Parser|Engine|Agent|Adapter|Loader|Store)$/;

/** Commands of an SDK that read: `client.send(new GetObjectCommand(…))`. */
const READING = /^(?:Get|List|Describe|Head|Query|Scan|BatchGet|Select|Search)/;

const WRITING_SQL = /^\s*(?:insert|update|delete|merge|replace|drop|create|alter|truncate)\s/i;

const WRITING_METHOD = /^(?:post|put|patch|delete)$/i;

/** Methods that change an array, a map or another container. */
const MUTATORS: ReadonlySet<string> = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear append".split(" "),
);

/** Functions of `node:fs` that write; those that end in `Sync` too. */
const FILE_WRITES: ReadonlySet<string> = new Set(
  (
    "writeFile appendFile rm rmdir unlink rename copyFile cp truncate symlink link chmod chown createWriteStream " +
    "write writev ftruncate"
  ).split(" "),
);

/** Functions that store their callback, which runs later or never. */
const DEFERRING: ReadonlySet<string> = new Set(
  (
    "on once addListener addEventListener prependListener subscribe setTimeout setInterval setImmediate step use " +
    "register onAbort"
  ).split(" "),
);

/** A name that says what a call does. */
export type NameKind = "verb" | "remote-verb" | "compound";

/** Returns what a name says about a call; undefined if it says nothing. */
export function readName(name: string): NameKind | undefined {
  if (VERBS.has(name)) return "verb";
  if (REMOTE_VERBS.has(name)) return "remote-verb";
  return COMPOUND.test(name) && !HARMLESS.test(name) ? "compound" : undefined;
}

/** Checks for a function such as `createClient`. */
export function isFactory(name: string): boolean {
  return FACTORY.test(name);
}

/** Checks for a method that changes the container it is called on. */
export function isMutator(name: string): boolean {
  return MUTATORS.has(name);
}

/** Checks for a function of `node:fs` that writes. */
export function isFileWrite(name: string): boolean {
  return FILE_WRITES.has(name.replace(/Sync$/, ""));
}

/** Checks for a function that stores its callback. */
export function isDeferring(name: string): boolean {
  return DEFERRING.has(name);
}

/** Checks for the class of a command that reads. */
export function isReadingCommand(name: string): boolean {
  return READING.test(name);
}

/** Checks for an SQL statement that writes, except `CREATE TABLE IF NOT EXISTS`. */
export function isWritingSql(text: string): boolean {
  return WRITING_SQL.test(text) && !/\bif (?:not )?exists\b/i.test(text);
}

/** Checks for a request whose text has a GraphQL query: it reads, although its method is POST. */
export function isGraphqlQuery(text: string): boolean {
  return /graphql/i.test(text) && /["'`]\s*(?:query\b|\{)/.test(text);
}

/** Checks for the name of an HTTP method, in capitals. */
export function isHttpMethod(text: string): boolean {
  return /^(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/.test(text);
}

/** Checks for an HTTP method that writes. */
export function isWritingMethod(text: string): boolean {
  return WRITING_METHOD.test(text);
}
