/// <reference lib="dom" />

/** What elements are made of. Texts become text nodes, never markup: names, URIs and errors come from tasks. */
export type Child = Node | string | false | undefined;

/** `true` is an attribute without a value; what is `false` or undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Children of the same `data-key` are the same one, wherever among the others they stand. */
export function element(tag: string, attributes: Attributes, ...children: readonly Child[]): HTMLElement {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of SVG. */
export function svg(tag: string, attributes: Attributes, ...children: readonly Child[]): SVGElement {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled<E extends Element>(node: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.filter(child => child !== undefined && child !== false));
  return node;
}

/**
 * Lets an element have these children, with as few changes as possible: what has the focus, is being typed or was opened stays as it is.
 */
export function update(parent: Element, wanted: readonly Node[]): void {
  const keyed = new Map<string, Element>();
  const wantedKeys = new Set(wanted.map(keyOf));
  for (const child of [...parent.children]) {
    const key = keyOf(child);
    if (key === undefined) continue;
    if (wantedKeys.has(key)) keyed.set(key, child);
    else child.remove();
  }
  let next = parent.firstChild;
  for (const node of wanted) {
    const key = keyOf(node);
    const same = key !== undefined ? keyed.get(key) : next && keyOf(next) === undefined && next.nodeName === node.nodeName ? next : undefined;
    if (!same) {
      parent.insertBefore(node, next);
      continue;
    }
    if (same === next) next = next.nextSibling;
    else parent.insertBefore(same, next);
    become(same, node);
  }
  while (next) {
    const rest: ChildNode = next;
    next = next.nextSibling;
    rest.remove();
  }
}

function become(node: Node, wanted: Node): void {
  if (!(node instanceof Element && wanted instanceof Element)) {
    if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
    return;
  }
  for (const name of node.getAttributeNames()) {
    const isUsers = name === 'open' && node instanceof HTMLDetailsElement;
    if (!isUsers && !wanted.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const name of wanted.getAttributeNames()) {
    const value = wanted.getAttribute(name)!;
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  update(node, [...wanted.childNodes]);
}

function keyOf(node: Node): string | undefined {
  return node instanceof Element ? node.getAttribute('data-key') ?? undefined : undefined;
}
