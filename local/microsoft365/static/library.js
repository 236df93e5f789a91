import { element, link } from "./dom.js";
import { formatCount, formatFolder, formatMoment, formatSize, formatValue } from "./format.js";

// The library as SharePoint lists it: the folders, newest first, and in each its documents with their columns.
export function drawLibrary(department) {
  const columns = department.columns.filter(({ name }) => department.files.some((file) => name in file.columns));
  const heading = element(
    "header",
    {},
    element("h2", {}, "Knižnica"),
    element("p", { className: "where" }, `SharePoint · ${department.site} · ${department.library}`),
    element("span", { className: "count" }, formatCount(department.files.length, "document")),
  );
  const content = department.files.length
    ? element("div", { className: "scroll" }, drawTable(department.files, columns))
    : element("p", { className: "empty" }, "V knižnici ešte nie je žiadny dokument.");
  return element("section", { className: "panel library" }, heading, content);
}

function drawTable(files, columns) {
  const titles = ["Názov", ...columns.map((column) => column.title), "Uložené"];
  const head = element("tr", {}, titles.map((title) => element("th", { scope: "col" }, title)));
  const folders = [...new Set(files.map((file) => file.folder))].sort().reverse();
  return element(
    "table",
    {},
    element("thead", {}, head),
    folders.map((folder) => drawFolder(folder, files.filter((file) => file.folder === folder), columns, titles)),
  );
}

function drawFolder(folder, files, columns, titles) {
  const name = element("th", { scope: "rowgroup", colspan: String(titles.length) }, formatFolder(folder));
  const newestFirst = [...files].reverse();
  const rows = newestFirst.map((file) => drawFile(file, columns, titles));
  return element("tbody", {}, element("tr", { className: "folder" }, name), rows);
}

function drawFile(file, columns, titles) {
  const name = [link(file.url, file.name), element("small", {}, formatSize(file.size))];
  const stored = element("time", { datetime: file.created, title: formatMoment(file.created) }, formatValue(file.created, "dateTime"));
  const cells = [
    [name, "text"],
    ...columns.map((column) => [formatValue(file.columns[column.name], column.type), column.type]),
    [stored, "dateTime"],
  ];
  return element(
    "tr",
    {},
    cells.map(([value, type], index) => element("td", { className: type, "data-title": titles[index] }, value)),
  );
}
