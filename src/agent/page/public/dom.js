// Elements out of names and texts. What comes from outside is always a text, never markup.

/**
 * @param {string} name as in HTML, with classes after dots: "td.number"
 * @param {...(Node | string | number)} children
 */
export function element(name, ...children) {
  const [tag, ...classes] = name.split('.');
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(' ');
  made.append(...children.map((child) => (typeof child === 'number' ? String(child) : child)));
  return made;
}

/** The same in SVG. */
export function shape(name, attributes, text = '') {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

export function find(id) {
  return document.getElementById(id);
}

/** Rows of a table; one that says so where there are none. */
export function fillRows(body, rows, columns, otherwise) {
  if (rows.length > 0) {
    body.replaceChildren(...rows);
    return;
  }
  const cell = element('td.empty', otherwise);
  cell.colSpan = columns;
  body.replaceChildren(element('tr', cell));
}
