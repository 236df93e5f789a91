// The desk works without this. It adds single-key shortcuts (1–4 put the focus on a proposal, Enter confirms; k the
// list of departments, d the next document, z the list), which can be turned off (WCAG 2.1.4), and keeps a deed from
// being sent twice.
"use strict";
const OFF = "podatelna-bez-skratiek";
const root = document.documentElement;
const toggle = document.querySelector("[data-shortcuts]");

function showShortcuts() {
  const off = localStorage.getItem(OFF) === "1";
  root.classList.toggle("no-keys", off);
  if (toggle) {
    toggle.hidden = false;
    toggle.querySelector("span").textContent = off ? "vypnuté" : "zapnuté (1 – 4, k, d, z)";
  }
}

function press(key) {
  const proposals = document.querySelectorAll(".choice kbd");
  const link = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (/^[1-9]$/.test(key) && proposals[key - 1]) proposals[key - 1].closest("button").focus();
  else if (key === "k") document.getElementById("kam")?.focus();
  else if (link) link.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || localStorage.getItem(OFF) === "1") return;
  press(event.key.toLowerCase());
});
toggle?.addEventListener("click", () => {
  localStorage.setItem(OFF, localStorage.getItem(OFF) === "1" ? "0" : "1");
  showShortcuts();
});
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
showShortcuts();
