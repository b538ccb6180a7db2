// The words and phrases that the project's prose avoids, each with its replacement.

/** Matches at the start of a doc comment that asks instead of naming its subject. */
export const QUESTION = /^(?:what|whether|how|where|who|which)\b/i;
export const QUESTION_FIX = 'Start with a noun or a verb in the third person: "Returns …", "The request\'s …".';

/** Words and phrases banned in comments, strings, test names and Markdown. */
export const BANNED = [
  { name: "whom", pattern: /\bwhom\b/gi, fix: 'Name the party: "the caller that …".' },
  { name: "nobody", pattern: /\bnobody\b/gi, fix: 'Name the party: "no caller", "no client".' },
  { name: "somebody", pattern: /\bsomebody\b/gi, fix: 'Name the party: "a caller", "another process".' },
  { name: "anybody", pattern: /\banybody\b/gi, fix: 'Name the party: "any caller", "every client".' },
  { name: "whoever", pattern: /\bwhoever\b/gi, fix: 'Name the party: "the caller that …".' },
  { name: "shall", pattern: /\b[Ss]hall\b/g, fix: 'Write "must", "should" or "will".' },
  { name: "mend", pattern: /\bmend(?:s|ed|ing)?\b/gi, fix: 'Write "fix".' },
  { name: "beside", pattern: /\bbeside\b/gi, fix: 'Write "next to", "with" or "in addition to".' },
  { name: "besides", pattern: /\bbesides\b/gi, fix: 'Write "also" or "in addition to".' },
  { name: "none is", pattern: /\bnone\s+is\b/gi, fix: 'Name the thing: "no key is …".' },
  { name: "is none", pattern: /\bis\s+none\b/gi, fix: 'Write "is not a …" or "does not exist".' },
  { name: "are none", pattern: /(?<!\bchoices )\bare\s+none\b/gi, fix: 'Write "are not …" or "do not exist".' },
  {
    name: "is no X",
    // "there is no X" and "is no longer" are plain English.
    pattern: /(?<!\bthere\s+)\b(?:is|are)\s+no\s+(?!longer\b|more\b|less\b|fewer\b)\w+/gi,
    fix: 'Write "is not a …".',
  },
  { name: "tell of", pattern: /\b(?:tell|tells|told|telling)\s+of\b/gi, fix: 'Write "report" or "describe".' },
  { name: "of its own", pattern: /\bof\s+its\s+own\b/gi, fix: 'Write "its own …", "a separate …".' },
  { name: "in the way of", pattern: /\bin\s+the\s+way\s+of\b/gi, fix: 'Write "blocks" or "prevents".' },
];

const ISE =
  "(?:author|capital|central|custom|general|initial|local|material|maxim|memo|minim|normal|optim|organ|recogn|serial|special|standard|summar|symbol|synchron|token|util|visual)";

/** British spellings, searched for in names and code as well. */
export const BRITISH = [
  { name: "artefact", pattern: /artefact/gi, fix: 'Write "artifact".' },
  { name: "behaviour", pattern: /behaviour/gi, fix: 'Write "behavior".' },
  { name: "colour", pattern: /colour/gi, fix: 'Write "color".' },
  { name: "-our", pattern: /\b(?:fav|flav|hon|neighb)our/gi, fix: 'Write "-or".' },
  { name: "-ise", pattern: new RegExp(`\\b${ISE}is(?:e[ds]?|ing|ation)\\b`, "gi"), fix: 'Write "-ize".' },
];

export const COMMENT_WIDTH = 100;
/** Files below this length belong in their importer if they have only one. */
export const SMALL_FILE = 25;
