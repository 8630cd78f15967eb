// What the libraries call and Chromium 87 lacks. Injected into every bundle; defines only what is missing.

function define(target, name, value) {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

// Chromium 93
define(Object, 'hasOwn', (object, key) => Object.prototype.hasOwnProperty.call(object, key));

// Chromium 92
function at(position) {
  const index = Math.trunc(position) || 0;
  return this[index < 0 ? this.length + index : index];
}
define(Array.prototype, 'at', at);
define(String.prototype, 'at', at);

// Chromium 97
define(Array.prototype, 'findLast', function findLast(matches, self) {
  for (let index = this.length - 1; index >= 0; index -= 1) {
    if (matches.call(self, this[index], index, this)) return this[index];
  }
  return undefined;
});

// Chromium 98. The libraries clone plain data only: objects, lists, texts, numbers.
function clonePlain(value) {
  if (Array.isArray(value)) return value.map(clonePlain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, clonePlain(part)]));
}
define(globalThis, 'structuredClone', clonePlain);
