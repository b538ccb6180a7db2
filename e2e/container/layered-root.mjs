// A file system for one stage of an image: this machine's, below an overlay that keeps every change
// (Linux, as root).
import { spawn, spawnSync } from "node:child_process";
import { cpSync, lchownSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/** As in the official images for Node. */
const NODE_USER = { uid: 1000, gid: 1000 };
const PATH_INSIDE = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

/** Returns the reason why this machine cannot isolate processes; undefined if it can. */
export function findObstacle() {
  if (process.platform !== "linux") return "it needs Linux";
  const { status, stderr, error } = spawnSync("unshare", ["--mount", "--pid", "--fork", "true"], { encoding: "utf8" });
  return status === 0
    ? undefined
    : `it needs permission to create namespaces, which root has: ${(error?.message ?? stderr).trim()}`;
}

export class LayeredRoot {
  #folder;
  #hidden;

  /** @param hidden Folders of this machine that an image does not have: they are empty */
  constructor(folder, { base, hidden = [] } = {}) {
    this.#folder = folder;
    this.#hidden = base ? base.#hidden : hidden;
    for (const name of ["upper", "work", "root"]) mkdirSync(join(folder, name), { recursive: true });
    // The kernel rejects layers inside one another, so a stage starts with a copy of its base.
    if (base) cpSync(base.upper, this.upper, { recursive: true, verbatimSymlinks: true });
    else this.#addNodeUser();
  }

  /** The folder that holds its changes. */
  get upper() {
    return join(this.#folder, "upper");
  }

  /** Finds a path that a step has created, as opposed to one of this machine. */
  find(path) {
    const file = join(this.upper, path);
    return lstatSync(file, { throwIfNoEntry: false }) && file;
  }

  makeFolder(path, owner) {
    mkdirSync(join(this.upper, path), { recursive: true });
    if (owner === "node") lchownSync(join(this.upper, path), NODE_USER.uid, NODE_USER.gid);
  }

  /** Copies a file or the contents of a folder to where COPY would. */
  copy(source, target, { filter }) {
    const isFolder = lstatSync(source).isDirectory();
    const into = !isFolder && target.endsWith("/") ? posix.join(target, posix.basename(source)) : target;
    mkdirSync(dirname(join(this.upper, into)), { recursive: true });
    cpSync(source, join(this.upper, into), { recursive: true, filter, verbatimSymlinks: true });
  }

  /** Runs a command to its end, as the given user. */
  run(argv, options) {
    const [command, args] = this.#enter(argv, options);
    return spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26, env: {} });
  }

  /** Starts a command as the first process of a container. */
  start(argv, options) {
    const [command, args] = this.#enter(argv, options);
    return spawn(command, args, { env: {}, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Runs a command in the container of a started one, as `docker exec` does. */
  static runInside(child, argv, { env, user }) {
    const owner = user === "node" ? [`--setuid=${NODE_USER.uid}`, `--setgid=${NODE_USER.gid}`] : [];
    const where = [`--target=${firstProcess(child)}`, "--mount", "--pid", "--root", "--wd", ...owner];
    const variables = Object.entries({ PATH: PATH_INSIDE, ...env }).map(([name, value]) => `${name}=${value}`);
    return spawnSync("/usr/bin/nsenter", [...where, "/usr/bin/env", "-i", ...variables, ...argv], { encoding: "utf8" });
  }

  /**
   * Maps `mounts` from paths inside to folders of this machine; with `readOnly`, only they are
   * writable.
   */
  #enter(argv, { env, cwd, user = "root", mounts = {}, readOnly = false }) {
    const root = join(this.#folder, "root");
    const overlay = `lowerdir=/,upperdir=${this.upper},workdir=${join(this.#folder, "work")}`;
    const hidden = this.#hidden.filter(
      (path) => this.find(path) === undefined && lstatSync(path, { throwIfNoEntry: false }),
    );
    const script = [
      `mount -t overlay overlay -o ${quote(overlay)} ${quote(root)}`,
      ...hidden.map((path) => `mount -t tmpfs -o mode=1777 tmpfs ${quote(root + path)}`),
      ...Object.keys(mounts).map((at) => `mkdir -p ${quote(root + at)}`),
      ...(readOnly ? [`mount -o remount,ro ${quote(root)}`] : []),
      ...Object.entries(mounts).map(([at, from]) => `mount --bind ${quote(from)} ${quote(root + at)}`),
      `mount --rbind /dev ${quote(`${root}/dev`)}`,
      `mount -t proc proc ${quote(`${root}/proc`)}`,
      `exec chroot ${user === "node" ? `--userspec=${NODE_USER.uid}:${NODE_USER.gid} --groups=` : ""} ${quote(root)} /usr/bin/env -i ` +
        Object.entries({
          PATH: PATH_INSIDE,
          HOME: user === "node" ? "/home/node" : "/root",
          ...env,
        })
          .map(([name, value]) => quote(`${name}=${value}`))
          .join(" ") +
        ` /bin/sh -c ${quote(`cd ${quote(cwd)} && exec "$@"`)} sh ${argv.map(quote).join(" ")}`,
    ].join(" && ");
    return ["/usr/bin/unshare", ["--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", script]];
  }

  #addNodeUser() {
    const [passwd, group] = ["/etc/passwd", "/etc/group"].map(
      (file) => spawnSync("cat", [file], { encoding: "utf8" }).stdout,
    );
    mkdirSync(join(this.upper, "etc"), { recursive: true });
    const { uid, gid } = NODE_USER;
    writeFileSync(
      join(this.upper, "etc/passwd"),
      `${passwd.replace(/^node:.*\n/m, "")}node:x:${uid}:${gid}::/home/node:/bin/sh\n`,
    );
    writeFileSync(join(this.upper, "etc/group"), `${group.replace(/^node:.*\n/m, "")}node:x:${gid}:\n`);
    this.makeFolder("/home/node", "node");
  }

  /** Returns the bytes that its steps have added. */
  size() {
    return sizeOf(this.upper);
  }
}

/** Returns the process id, outside, of process 1 inside a started container. */
export function firstProcess({ pid }) {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

function sizeOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(path) : lstatSync(path).size);
  }, 0);
}

function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
