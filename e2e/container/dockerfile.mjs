// Reads a Dockerfile as a list of stages with their steps. An unknown instruction is an error: a
// check must not skip a step silently.
import { readFileSync } from "node:fs";
import { DockerfileParser } from "dockerfile-ast";

const REFUSED = new Set(["ADD", "ARG", "ONBUILD", "SHELL", "ENTRYPOINT", "MAINTAINER"]);

/** Reads the stages of a Dockerfile, each with its base, its name and its steps. */
export function readDockerfile(file) {
  const stages = [];
  for (const instruction of DockerfileParser.parse(readFileSync(file, "utf8")).getInstructions()) {
    const keyword = instruction.getKeyword();
    const line = instruction.getRange().start.line + 1;
    const fail = (why) => {
      throw new Error(`${file}:${line}: ${keyword}: ${why}`);
    };
    if (REFUSED.has(keyword))
      fail("this check does not support the instruction. Use another one, or add it to dockerfile.mjs.");
    if (keyword === "FROM") {
      stages.push({
        image: instruction.getImage(),
        name: instruction.getBuildStage() ?? String(stages.length),
        steps: [],
      });
      continue;
    }
    const stage = stages.at(-1) ?? fail("the instruction comes before FROM. Move it below.");
    stage.steps.push({ keyword, line, ...readStep(keyword, instruction, fail) });
  }
  return stages;
}

function readStep(keyword, instruction, fail) {
  const text = instruction.getArgumentsContent();
  switch (keyword) {
    case "RUN":
      return { command: text, mounts: flags(instruction, "mount").map((mount) => readMount(mount, fail)) };
    case "COPY": {
      const paths = instruction.getArguments().map((argument) => argument.getValue());
      if (paths.some((path) => /[*?[]/.test(path))) fail("this check does not support patterns. List the paths.");
      return { sources: paths.slice(0, -1), target: paths.at(-1), from: flags(instruction, "from")[0] };
    }
    case "ENV":
      return { variables: Object.fromEntries(instruction.getProperties().map((p) => [p.getName(), p.getValue()])) };
    case "CMD":
      return { argv: readArgv(instruction.getJSONStrings(), fail) };
    case "HEALTHCHECK":
      return { argv: readArgv(instruction.getJSONStrings?.() ?? jsonOf(text.replace(/^CMD\s+/, "")), fail) };
    case "USER":
    case "WORKDIR":
    case "VOLUME":
    case "EXPOSE":
    case "LABEL":
    case "STOPSIGNAL":
      return { text };
    default:
      return fail("this check does not support the instruction. Use another one, or add it to dockerfile.mjs.");
  }
}

function flags(instruction, name) {
  return instruction
    .getFlags()
    .filter((flag) => flag.getName() === name)
    .map((flag) => flag.getValue());
}

function readMount(mount, fail) {
  const { type, target, id = target } = Object.fromEntries(mount.split(",").map((part) => part.split("=", 2)));
  if (type !== "cache" || target === undefined)
    fail("this check supports only cache mounts. Use type=cache with a target.");
  return { id, target };
}

/** Only the exec form: with a shell in between, signals would not reach the server. */
function readArgv(strings, fail) {
  const argv = strings.map((one) => (typeof one === "string" ? one : one.getJSONValue()));
  return argv.length > 0 ? argv : fail('it is not in the exec form. Write ["node", "…"].');
}

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}
