// Text always goes in as text, never as HTML: what stands in a document cannot become part of the page.
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function link(href, text, properties = {}) {
  return element("a", { href, target: "_blank", rel: "noopener", ...properties }, text);
}
