// Elements from names, attributes and text. Text is only ever text.
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (key === "text") element.textContent = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export const at = (id) => document.getElementById(id);

// A link only where it leads to a page over https.
export function link(url, text) {
  return /^https:\/\/[^\s]+$/.test(url ?? "") ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer", text }) : make("span", { text });
}
