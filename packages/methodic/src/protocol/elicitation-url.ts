import type { ClientUrlAnswer, Question } from "../context/answers.ts";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import { isLoopbackAddress } from "../util/loopback.ts";
import { isRecord } from "../util/record.ts";
import { quote } from "../util/text.ts";
import type { Asker } from "./asker.ts";
import type { ClientQuestion, ReadAnswer } from "./client-question.ts";
import type { SdkRequest } from "./sdk-request.ts";

type Action = ClientUrlAnswer["action"];

/**
 * Asks the question of `Context.elicitUrl`.
 * @throws MethodicError `INVALID_ARGUMENT` if the URL is invalid
 */
export async function askToOpen(
  { request, asker }: { readonly request: SdkRequest; readonly asker: Pick<Asker, "ask"> },
  question: Question,
  url: unknown,
): Promise<ClientUrlAnswer> {
  const { era, server, ctx } = request;
  if (era === "modern") return { action: await asker.ask(createUrlQuestion(question, url)) };
  const elicitationId = crypto.randomUUID();
  const action = await asker.ask({ ...createUrlQuestion(question, url), legacyParams: { elicitationId } });
  const notification = { method: "notifications/elicitation/complete", params: { elicitationId } } as const;
  return {
    action,
    announceCompletion: (isEnded) => (isEnded ? server.notification(notification) : ctx.mcpReq.notify(notification)),
  };
}

function createUrlQuestion({ message, key }: Question, url: unknown): ClientQuestion<Action> {
  if (typeof message !== "string") throw createError(`invalid message: ${showValue(message)}. Pass a text.`);
  return {
    label: `question ${quote(message)}`,
    capability: "elicitation.url",
    method: "elicitation/create",
    params: { mode: "url", message, url: readUrl(url) },
    key,
    read: readAction,
  };
}

/**
 * Checks a URL that a user is asked to open. User info is a trick of phishing: the host in
 * `https://github.com@evil.example` is the second one.
 */
function readUrl(value: unknown): string {
  const fix = "Pass an absolute https: URL; http: is allowed for this machine only.";
  const text = String(value);
  if (!URL.canParse(text)) throw createError(`invalid url: ${showValue(value)}. ${fix}`);
  const { protocol, hostname, username, password, href } = new URL(text);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopbackAddress(hostname)))
    throw createError(`unsafe url: ${showValue(href)}. ${fix}`);
  if (username !== "" || password !== "")
    throw createError(`the url has a user name or password: ${showValue(href)}. Remove it: clients show the URL.`);
  return href;
}

function readAction(response: unknown): ReadAnswer<Action> {
  const { action } = isRecord(response) ? response : {};
  if (action === "accept" || action === "decline" || action === "cancel") return { answer: action };
  return { problems: ['action: expected "accept", "decline" or "cancel".'] };
}

function createError(problem: string): MethodicError {
  return new MethodicError("INVALID_ARGUMENT", `ctx.elicitUrl: ${problem}`);
}
