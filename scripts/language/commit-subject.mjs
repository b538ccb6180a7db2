const SUBJECT = /^(?:feat|fix|refactor|perf|docs|test|build|ci|chore)(?:\([a-z0-9-]+\))?!?: \S/;
const MAX_LENGTH = 72;

/** Returns the problem of a commit's subject, if it has one. */
export function findSubjectProblem(subject) {
  if (!SUBJECT.test(subject)) return "The subject is not 'type(scope): summary'.";
  if (subject.length > MAX_LENGTH) return `The subject has ${subject.length} characters; at most ${MAX_LENGTH} fit.`;
  if (/[.;,]$/.test(subject)) return "The subject ends in punctuation.";
  return undefined;
}
