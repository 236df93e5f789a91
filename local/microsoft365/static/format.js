const ZONE = "Europe/Bratislava";
const moment = new Intl.DateTimeFormat("sk-SK", { dateStyle: "medium", timeStyle: "short", timeZone: ZONE });
const day = new Intl.DateTimeFormat("sk-SK", { day: "numeric", month: "numeric", year: "numeric", timeZone: ZONE });
const month = new Intl.DateTimeFormat("sk-SK", { month: "long", year: "numeric", timeZone: "UTC" });
const number = new Intl.NumberFormat("sk-SK", { maximumFractionDigits: 2 });
const plural = new Intl.PluralRules("sk");

const FORMS = {
  document: { one: "dokument", few: "dokumenty", other: "dokumentov" },
  card: { one: "karta", few: "karty", other: "kariet" },
  mail: { one: "správa", few: "správy", other: "správ" },
};

export const formatMoment = (stamp) => moment.format(new Date(stamp));

export function formatCount(count, noun) {
  const forms = FORMS[noun];
  return `${number.format(count)} ${forms[plural.select(count)] ?? forms.other}`;
}

export function formatSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${number.format(Math.round(bytes / 1024))} kB`;
  return `${number.format(Math.round(bytes / 1024 / 102.4) / 10)} MB`;
}

// A folder is a month, written 2026-03; another name stays as it is.
export function formatFolder(folder) {
  if (!folder) return "Bez priečinka";
  const found = /^(\d{4})-(\d{2})$/.exec(folder);
  return found ? `${folder} · ${month.format(new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, 1)))}` : folder;
}

// A value of a library's column, by the column's type.
export function formatValue(value, type) {
  if (value === null || value === undefined || value === "") return "";
  if (type === "dateTime") return day.format(new Date(value));
  if (type === "number" || type === "currency") return number.format(value);
  if (type === "boolean") return value ? "áno" : "nie";
  return String(value);
}
