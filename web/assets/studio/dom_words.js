// Chinese for widgets that have no translation of their own: their English is exchanged as it appears.
// What is not in the dictionary stays as it is. What people type is never touched.
import { inEnglish } from './words.js';

const ATTRIBUTES = ['title', 'placeholder', 'aria-label'];
const TYPED = '.cm-content, textarea, [contenteditable="true"], .djs-visual, [data-own-words]';

function exchanged(text, dictionary) {
  const key = text.trim();
  if (!key) return text;
  if (Object.hasOwn(dictionary, key)) return text.replace(key, dictionary[key]);
  for (const [pattern, answer] of dictionary.patterns || []) {
    if (pattern.test(key)) return text.replace(key, key.replace(pattern, answer));
  }
  return text;
}

function translateText(node, dictionary) {
  if (node.parentElement?.closest(TYPED)) return;
  const text = exchanged(node.data, dictionary);
  if (text !== node.data) node.data = text;
}

function translateElement(element, dictionary) {
  for (const name of ATTRIBUTES) {
    const found = element.getAttribute(name);
    if (!found) continue;
    const text = exchanged(found, dictionary);
    if (text !== found) element.setAttribute(name, text);
  }
  element.childNodes.forEach((child) => translateNode(child, dictionary));
}

function translateNode(node, dictionary) {
  if (node.nodeType === Node.TEXT_NODE) translateText(node, dictionary);
  if (node.nodeType === Node.ELEMENT_NODE) translateElement(node, dictionary);
}

export function translateWithin(root, dictionary) {
  if (inEnglish) return;
  translateNode(root, dictionary);
  const watch = new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'childList') addedNodes.forEach((node) => translateNode(node, dictionary));
      else translateNode(target, dictionary);
    }
  });
  watch.observe(root, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
