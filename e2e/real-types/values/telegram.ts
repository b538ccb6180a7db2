import type { PackageValues } from "../packages.ts";

const bot = { id: 123456, is_bot: true, first_name: "Helper", username: "helper_bot" };
const person = { id: 1, is_bot: false, first_name: "Ann" };
const message = {
  message_id: 7,
  date: 1680893993,
  chat: { id: 1, type: "private", first_name: "Ann" },
  from: person,
  text: "Hello",
};

export const telegram: PackageValues = {
  sendMessage: {
    accepted: [
      { chat_id: "@channel", text: "Hello", parse_mode: "HTML" },
      { chat_id: 1, text: "Choose", reply_markup: { inline_keyboard: [[{ text: "Yes", callback_data: "yes" }]] } },
    ],
    refused: [[{ chat_id: 1 }, "params.text"]],
  },
  checkKeyboard: {
    accepted: [{ inline_keyboard: [[{ text: "Open", url: "https://example.com" }]] }],
    refused: [[{ inline_keyboard: [{ text: "Open" }] }, "keyboard.inline_keyboard[0]"]],
  },
  getMe: { accepted: [bot], refused: [[{ ...bot, is_bot: "yes" }, "is_bot"]] },
  getMessage: { accepted: [message], refused: [[{ ...message, text: 5 }, "text"]] },
};
