// Arguments that cost a validator most: mutations of an accepted value, blown up to a size.
import { changed, placesIn, valueAt } from "../fixtures/json-places.mjs";

// `jsonDepth` of an endpoint, less the message around the arguments.
const DEPTH = 90;

// The parts of a value that are replaced.
const PLACES = { depth: 4, keys: 6 };

const FILLERS = [1, "0", null, {}, [], true];
const TEXTS = ["a", "1", " ", "-", "0.", "a@", "\ud83d\udc4d"];

/**
 * Lists hostile values as pairs of a label and a function that creates the value with about `size`
 * bytes of JSON.
 */
export function hostileValues(accepted) {
  return placesIn(accepted, PLACES).flatMap((place) => {
    const at = valueAt(accepted, place);
    const label = place.length === 0 ? "" : ` at /${place.join("/")}`;
    return replacements(at).map(([what, create]) => [
      `${what}${label}`,
      (size) => replace(accepted, place, create(size)),
    ]);
  });
}

/** Lists the values that replace one value of the accepted one. */
function replacements(at) {
  const list = [
    ...FILLERS.map((filler) => [`array of ${JSON.stringify(filler)}`, (size) => repeat(filler, size)]),
    ...["0", 1, {}].map((filler) => [`keys of ${JSON.stringify(filler)}`, (size) => keys(filler, size)]),
    ...TEXTS.map((text) => [
      `text of ${JSON.stringify(text)}`,
      (size) => `${text.repeat(size / Buffer.byteLength(text))}\n`,
    ]),
    ["a deep array", (size) => deepArray(size)],
  ];
  if (typeof at !== "object" || at === null) return list;
  for (const damaged of damages(at))
    list.push(
      [`array of near misses ${JSON.stringify(damaged)}`, (size) => repeat(damaged, size)],
      [`keys of near misses ${JSON.stringify(damaged)}`, (size) => keys(damaged, size)],
    );
  for (const item of Array.isArray(at) ? at.slice(0, 3) : []) {
    list.push([`valid items ${JSON.stringify(item)}, a wrong one last`, (size) => [...repeat(item, size), { no: 1 }]]);
    for (const damaged of damages(item))
      list.push([`items ${JSON.stringify(damaged)}`, (size) => repeat(damaged, size)]);
  }
  if (!Array.isArray(at)) list.push(["more keys", (size) => ({ ...at, ...keys(Object.values(at)[0] ?? 1, size) })]);
  for (const place of placesIn(at, PLACES).filter(({ length }) => length > 0))
    for (const leaf of [at, 1, "x"])
      list.push([`itself at /${place.join("/")}`, (size) => nest({ at, place, leaf }, size)]);
  return list;
}

function replace(value, place, part) {
  return changed(value, place, () => part);
}

/** Lists copies of a value with one wrong, missing or unknown part. */
function damages(value) {
  if (typeof value !== "object" || value === null) return [];
  const inside = placesIn(value, PLACES).filter(({ length }) => length > 0);
  const wrong = inside.flatMap((place) => {
    const part = valueAt(value, place);
    return [typeof part === "number" ? String(part) : 0, null].map((other) => replace(value, place, other));
  });
  if (Array.isArray(value)) return wrong;
  const missing = Object.keys(value).map((key) => Object.fromEntries(Object.entries(value).filter(([k]) => k !== key)));
  return [...wrong, ...missing, { ...value, no: 1 }];
}

function repeat(item, size) {
  return Array(Math.ceil(size / (JSON.stringify(item).length + 1))).fill(item);
}

function keys(item, size) {
  const count = Math.ceil(size / (JSON.stringify(item).length + 12));
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, item]));
}

function deepArray(size) {
  let value = repeat(1, size);
  for (let i = 0; i < DEPTH; i++) value = [value];
  return value;
}

/** Nests a value in itself repeatedly, with many wrong parts at the innermost level. */
function nest({ at, place, leaf }, size) {
  let value = leaf === at ? replace(at, place, repeat(1, size)) : leaf;
  for (let i = place.length; i < DEPTH; i += place.length) value = replace(at, place, value);
  return value;
}
