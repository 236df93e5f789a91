import { Channel, drawNoChannel } from "./channel.js";
import { element } from "./dom.js";
import { drawLibrary } from "./library.js";
import { drawMailbox } from "./mailbox.js";
import { drawNavigation } from "./navigation.js";

const EVERY = 2000;
const main = document.getElementById("main");
const state = { mark: null, overview: null, page: null, address: null };

// One entry a page: the first part of the address after # → a function that draws it and gives back its update.
const pages = { utvar: showDepartment, posta: showMailbox };

async function getJson(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

async function showDepartment(id) {
  const department = await getJson(`/page/departments/${encodeURIComponent(id)}`);
  let library = drawLibrary(department);
  const channel = department.cards ? new Channel(department) : null;
  const panels = element("div", { className: "panels" }, library, channel ? channel.node : drawNoChannel());
  main.replaceChildren(element("h1", {}, department.name), panels);
  return async () => {
    const fresh = await getJson(`/page/departments/${encodeURIComponent(id)}`);
    const next = drawLibrary(fresh);
    library.replaceWith(next);
    library = next;
    channel?.update(fresh.cards);
  };
}

async function showMailbox() {
  const draw = async () => {
    const mails = await getJson("/page/mails");
    main.replaceChildren(element("h1", {}, "Pošta"), drawMailbox(mails, state.overview.mailbox));
  };
  await draw();
  return draw;
}

function currentAddress() {
  const address = window.location.hash;
  const busiest = [...state.overview.departments].sort((a, b) => b.files - a.files)[0];
  return pages[address.split("/")[1]] ? address : `#/utvar/${busiest.id}`;
}

async function show() {
  const address = currentAddress();
  const [, page, argument] = address.split("/");
  document.getElementById("navigation").replaceChildren(...drawNavigation(state.overview, address));
  if (address === state.address) return state.page();
  state.address = address;
  try {
    state.page = await pages[page](argument && decodeURIComponent(argument));
  } catch (error) {
    state.address = null;
    main.replaceChildren(element("p", { className: "failed" }, "Túto stránku sa nepodarilo načítať."));
    throw error;
  }
  return undefined;
}

async function refresh() {
  const headers = state.mark ? { "If-None-Match": state.mark } : {};
  const answer = await fetch("/page/overview", { headers, cache: "no-store" });
  if (answer.status !== 304) {
    if (!answer.ok) throw new Error(`/page/overview: ${answer.status}`);
    state.overview = await answer.json();
    document.getElementById("office").textContent = state.overview.office;
    await show();
    state.mark = answer.headers.get("ETag");
  }
}

async function keepFresh() {
  const connection = document.getElementById("connection");
  try {
    await refresh();
    connection.textContent = "";
  } catch (error) {
    console.error(error);
    connection.textContent = "Spojenie sa prerušilo, skúša sa znova…";
  }
  window.setTimeout(keepFresh, EVERY);
}

window.addEventListener("hashchange", () => {
  if (state.overview) show().then(() => main.focus({ preventScroll: true }), console.error);
});
keepFresh();
