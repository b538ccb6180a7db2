import { ANY_EFFECT, type KnownEffect, NO_EFFECT } from "./tool-action.ts";

/** The functions and methods of a module, by their effects. */
interface KnownModule {
  readonly reads?: string;
  readonly adds?: string;
  /** Adds something; twice is the same as once. */
  readonly makes?: string;
  /** Replaces a value; twice is the same as once. */
  readonly sets?: string;
  /** Replaces a value; twice may be different. */
  readonly updates?: string;
  readonly deletes?: string;
  /** Changes something in another way. */
  readonly writes?: string;
  /** May do anything. */
  readonly opens?: string;
  /** All other names have no effect. Default false: they may do anything. */
  readonly isPure?: boolean;
  /** Every call reaches another program or machine. */
  readonly isOutside?: boolean;
}

const PURE: KnownModule = { isPure: true };

const FILES: KnownModule = {
  reads:
    "readFile readdir stat lstat fstat access exists readlink realpath opendir watch watchFile unwatchFile createReadStream " +
    "statfs glob openAsBlob read readv readLines readableWebStream close datasync sync fsync fdatasync mkdtemp mkdtempDisposable constants native " +
    "isFile isDirectory isSymbolicLink isFIFO isSocket isBlockDevice isCharacterDevice readSync closeSync",
  adds: "appendFile symlink link",
  makes: "mkdir",
  sets: "writeFile copyFile cp chmod chown lchown fchmod fchown utimes futimes lutimes",
  updates: "rename",
  writes: "createWriteStream write writev",
  deletes: "rm rmdir unlink truncate ftruncate",
};

const PRISMA: KnownModule = {
  reads:
    "findMany findUnique findUniqueOrThrow findFirst findFirstOrThrow count aggregate groupBy findRaw aggregateRaw $connect $disconnect " +
    "$transaction $on $extends $use",
  adds: "create createMany createManyAndReturn",
  updates: "update updateMany updateManyAndReturn",
  sets: "upsert",
  deletes: "delete deleteMany",
};

const MONGO: KnownModule = {
  reads:
    "find findOne findById countDocuments estimatedDocumentCount distinct exists lean sort limit skip project projection populate select " +
    "toArray next hasNext exec db collection startSession model connect close stream where equals count explain toObject toJSON map",
  adds: "insertOne insertMany create createIndex",
  updates: "updateOne updateMany findOneAndUpdate findByIdAndUpdate",
  sets: "replaceOne findOneAndReplace",
  writes: "save bulkWrite",
  deletes: "deleteOne deleteMany findOneAndDelete findByIdAndDelete drop dropDatabase dropIndex",
};

const REDIS: KnownModule = {
  reads:
    "get mget mGet getrange hget hGet hgetall hGetAll hmget hmGet hkeys hKeys hvals hlen hexists exists keys scan scanIterator ttl pttl type lrange lRange " +
    "llen lindex smembers sMembers sismember sIsMember scard sCard zrange zRange zrank zscore zcard strlen dbsize ping info connect quit disconnect on",
  adds: "append incr incrBy incrby decr decrBy lpush lPush rpush rPush zadd zAdd publish xadd xAdd",
  makes: "sadd sAdd",
  sets: "set mset mSet hset hSet hmset setex setEx psetex expire rename",
  deletes:
    "del unlink hdel hDel lrem lRem srem sRem zrem zRem lpop lPop rpop rPop spop sPop flushdb flushDb flushall flushAll",
};

/** Builders of queries, whose other methods only describe the query. */
const DRIZZLE: KnownModule = {
  isPure: true,
  adds: "insert",
  sets: "onConflictDoUpdate onDuplicateKeyUpdate",
  updates: "update",
  deletes: "delete",
  opens: "execute run batch refreshMaterializedView",
};
const KNEX: KnownModule = {
  isPure: true,
  adds: "insert createTable",
  updates: "update increment decrement upsert merge",
  deletes: "del delete truncate dropTable dropTableIfExists",
  opens: "raw",
};
const KYSELY: KnownModule = {
  isPure: true,
  adds: "insertInto createTable createIndex",
  sets: "replaceInto",
  updates: "updateTable mergeInto alterTable",
  deletes: "deleteFrom dropTable dropIndex",
  opens: "executeQuery",
};

/** Drivers; their methods that run SQL are read by the SQL where it is known. */
const SQL_DRIVER: KnownModule = {
  isPure: true,
  opens:
    "exec run query execute batch loadExtension backup serialize deserialize function aggregate createSession applyChangeset",
};

const MODULES: Readonly<Record<string, KnownModule>> = {
  fs: FILES,
  "fs/promises": FILES,
  child_process: { isOutside: true, opens: "exec execFile execFileSync execSync spawn spawnSync fork" },
  process: { isPure: true, writes: "exit kill abort chdir setuid setgid reallyExit", opens: "dlopen emit send" },
  events: { reads: "on once off addListener removeListener prependListener listenerCount eventNames setMaxListeners" },
  dns: { isPure: true, isOutside: true },
  "dns/promises": { isPure: true, isOutside: true },
  dgram: { isOutside: true },
  net: { reads: "isIP isIPv4 isIPv6" },
  ...Object.fromEntries(
    (
      "path path/posix path/win32 url util crypto buffer querystring string_decoder assert assert/strict os perf_hooks zlib timers " +
      "timers/promises console v8 async_hooks punycode tty readline readline/promises diagnostics_channel stream/consumers stream/web " +
      "module util/types"
    )
      .split(" ")
      .map((name) => [name, PURE]),
  ),
  sqlite: SQL_DRIVER,
  "@prisma/client": PRISMA,
  ".prisma/client": PRISMA,
  mongodb: MONGO,
  mongoose: MONGO,
  redis: REDIS,
  "@redis/client": REDIS,
  ioredis: REDIS,
  "drizzle-orm": DRIZZLE,
  knex: KNEX,
  kysely: KYSELY,
  ...Object.fromEntries(
    "better-sqlite3 libsql @libsql/client pg pg-pool mysql mysql2 sqlite3 postgres sql.js @neondatabase/serverless"
      .split(" ")
      .map((name) => [name, SQL_DRIVER]),
  ),
  "fast-glob": { isPure: true },
  globby: { isPure: true },
  glob: { isPure: true },
  ...Object.fromEntries(
    (
      "methodic zod ajv uuid nanoid ulid date-fns dayjs luxon ms semver marked cheerio yaml js-yaml csv-parse csv-stringify papaparse " +
      "fast-xml-parser picomatch minimatch he entities slugify change-case pino winston debug loglevel p-limit p-map p-retry mime " +
      "mime-types jose jsonwebtoken bcrypt diff chalk turndown html-to-text gray-matter fuse.js lru-cache undici-types"
    )
      .split(" ")
      .map((name) => [name, PURE]),
  ),
};

type Lookup = (name: string) => KnownEffect;
const lookups = new Map<KnownModule, Lookup>();

/** Returns the effect of a module's function or method; undefined if the module is not known. */
export function effectOfModule(module: string, name: string): KnownEffect | undefined {
  const known = MODULES[module];
  if (!known) return undefined;
  const lookup = lookups.get(known) ?? createLookup(known);
  lookups.set(known, lookup);
  return lookup(name);
}

/** Lists the names of functions and methods that certainly change something. */
export function listChangingNames(): string[] {
  return Object.values(MODULES).flatMap(({ adds, makes, sets, updates, deletes, writes }) =>
    [adds, makes, sets, updates, deletes, writes].flatMap((names) => names?.split(" ") ?? []),
  );
}

/** Returns the effect of a method of a client that Prisma generates. */
export function effectOfPrisma(name: string): KnownEffect {
  return effectOfModule("@prisma/client", name) ?? ANY_EFFECT;
}

function createLookup(known: KnownModule): Lookup {
  const { reads, adds, makes, sets, updates, deletes, writes, opens, isPure, isOutside } = known;
  const reach = isOutside ? { reach: "outside" as const } : {};
  const effects = new Map<string, KnownEffect>();
  const define = (names: string | undefined, effect: KnownEffect): void => {
    for (const name of names?.split(" ") ?? []) effects.set(name, { ...effect, ...reach });
  };
  define(reads, NO_EFFECT);
  define(adds, { change: "add", isCertain: true });
  define(makes, { change: "add", isIdempotent: true, isCertain: true });
  define(sets, { change: "overwrite", isIdempotent: true, isCertain: true });
  define(updates, { change: "overwrite", isCertain: true });
  define(deletes, { change: "delete", isIdempotent: true, isCertain: true });
  define(writes, { change: "write", isCertain: true });
  define(opens, { ...ANY_EFFECT, reach: "own" });
  const others = isPure ? { ...NO_EFFECT, ...reach } : { ...ANY_EFFECT, ...reach };
  return (name) => effects.get(name) ?? effects.get(name.replace(/Sync$/, "")) ?? others;
}
