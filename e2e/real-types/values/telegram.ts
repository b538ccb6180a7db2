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
  getUpdates: {
    accepted: [
      [],
      [
        { update_id: 1, message },
        { update_id: 2, edited_message: { ...message, edit_date: 1680894000 } },
        { update_id: 3, callback_query: { id: "1", from: person, message, chat_instance: "1", data: "yes" } },
        { update_id: 4, poll_answer: { poll_id: "1", user: person, option_ids: [0] } },
      ],
    ],
    refused: [
      [[{ update_id: "1", message }], "[0].update_id"],
      [[{ message }], "[0].update_id"],
    ],
  },
};
