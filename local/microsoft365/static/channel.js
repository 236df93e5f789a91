import { drawCard } from "./cards.js";
import { element } from "./dom.js";
import { formatCount, formatMoment } from "./format.js";

// The channel keeps the cards it has drawn: an update only adds new ones, so an open card stays open.
export class Channel {
  constructor(department) {
    this.drawn = new Map();
    this.count = element("span", { className: "count" });
    this.list = element("div", { className: "messages", role: "log", "aria-label": "Karty v kanáli" });
    const where = element("p", { className: "where" }, `Teams · ${department.name} · najnovšie hore`);
    const heading = element("header", {}, element("h2", {}, "Kanál"), where, this.count);
    this.node = element("section", { className: "panel channel" }, heading, this.list);
    this.update(department.cards, false);
  }

  update(messages, announce = true) {
    this.count.textContent = formatCount(messages.length, "card");
    const kept = new Set(messages.map((message) => message.id));
    for (const [id, node] of this.drawn) {
      if (!kept.has(id)) {
        node.remove();
        this.drawn.delete(id);
      }
    }
    this.list.querySelector(".empty")?.remove();
    for (const message of [...messages].reverse()) {
      if (this.drawn.has(message.id)) continue;
      const node = drawMessage(message, announce);
      this.drawn.set(message.id, node);
      this.list.prepend(node);
    }
    if (!messages.length) this.list.append(element("p", { className: "empty" }, "V kanáli ešte nie je žiadna karta."));
  }
}

export function drawNoChannel() {
  const text = "Iná inštitúcia nemá kanál v Teams, dokumenty jej postupuje podateľňa.";
  const heading = element("header", {}, element("h2", {}, "Kanál"));
  return element("section", { className: "panel channel" }, heading, element("p", { className: "empty" }, text));
}

function drawMessage(message, isNew) {
  const wide = message.cards.some((card) => card.msteams?.width === "Full");
  const meta = element(
    "p",
    { className: "meta" },
    element("strong", {}, "Workflows"),
    " ",
    element("time", { datetime: message.received }, formatMoment(message.received)),
  );
  const cards = message.cards.map((card) => element("div", { className: wide ? "card wide" : "card" }, drawCard(card)));
  const avatar = element("span", { className: "avatar", "aria-hidden": "true" }, "W");
  const body = element("div", { className: "body" }, meta, cards);
  return element("article", { className: isNew ? "message new" : "message" }, avatar, body);
}
