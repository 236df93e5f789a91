import { element } from "./dom.js";
import { formatCount } from "./format.js";

const GROUPS = [
  ["mailroom", "Podateľňa"],
  ["department", "Útvary mesta"],
  ["authority", "Iné inštitúcie"],
];

export function drawNavigation(overview, current) {
  const groups = GROUPS.map(([role, title]) => {
    const entries = overview.departments.filter((department) => department.role === role);
    return drawGroup(title, entries.map((department) => drawDepartment(department, current)));
  });
  const mail = drawLink("#/posta", "Odoslaná pošta", String(overview.mails), formatCount(overview.mails, "mail"), current);
  return [...groups, drawGroup("Schránka", [mail])];
}

function drawGroup(title, links) {
  return element("div", { className: "group" }, element("h2", {}, title), element("ul", {}, links));
}

function drawDepartment({ id, name, files, cards }, current) {
  const counts = cards === null ? String(files) : `${files} · ${cards}`;
  const told = [formatCount(files, "document"), cards === null ? "bez kanála" : formatCount(cards, "card")].join(", ");
  return drawLink(`#/utvar/${id}`, name, counts, told, current);
}

function drawLink(href, name, counts, told, current) {
  const badge = element("span", { className: "badge", title: told, "aria-label": told }, counts);
  return element("li", {}, element("a", { href, "aria-current": href === current ? "page" : null }, name, badge));
}
