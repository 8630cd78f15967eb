// Run in a page of the studio with the elements to draw: opens whatever can be opened and answers the
// words that are shown in English, and the templates that the translation was asked for in vain.
async (types) => {
  const place = document.querySelector('[data-studio]');
  const { modeler, editor } = place;
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  // Names of languages and formats, ids of our own, the attributes of a form's fields.
  const names = /^(BPMN|DMN|FEEL|CMMN|JUEL|JSON|URL|ISO|HTML|XML|UTC|DRD|Java|Camunda|JavaScript|Groovy|true|false|bpmn|dmn|T\d\d|pdf|jpg|form|FG-[A-Z]+|[a-z]+_[a-z_]+|Activity_\w+|Definitions_\w+|trial)$/;
  const shown = new Set();
  const typed = 'svg:not(.icon), [data-own-words], option, code, .cm-editor, .studio-bar, noscript, script, style, '
    + '.bio-properties-panel-collapsible-entry-header-title, .bio-properties-panel-header-label, .cell, '
    + '.bio-properties-panel-input, .bjs-breadcrumbs, [data-given], input';

  function look() {
    for (const element of place.querySelectorAll('*')) {
      if (element.closest(typed)) continue;
      const texts = ['title', 'placeholder', 'aria-label'].map((name) => element.getAttribute(name) || '');
      for (const child of element.childNodes) if (child.nodeType === Node.TEXT_NODE) texts.push(child.data);
      for (const text of texts) {
        const found = text.match(/[A-Za-z][\w'-]{2,}/g) || [];
        if (found.some((word) => !names.test(word))) shown.add(text.trim());
      }
    }
  }

  async function openAll() {
    await pause(30);
    for (let turn = 0; turn < 3; turn += 1) {
      if (turn === 0 && modeler) place.querySelectorAll('.bio-properties-panel-add-entry').forEach((button) => button.click());
      place.querySelectorAll('.bio-properties-panel-group-header:not(.open) .bio-properties-panel-arrow, '
        + '.bio-properties-panel-collapsible-entry-header:not(.open) .bio-properties-panel-collapsible-entry-arrow')
        .forEach((button) => button.click());
      await pause(15);
    }
    look();
  }

  async function draw(type, y) {
    const root = modeler.get('canvas').getRootElement();
    const shape = modeler.get('modeling').createShape(modeler.get('elementFactory').createShape(type), { x: 3000, y }, root);
    modeler.get('selection').select(shape);
    await openAll();
    modeler.get('popupMenu').open(shape, 'bpmn-replace', { x: 300, y: 300 });
    await pause(15);
    look();
    modeler.get('popupMenu').close();
    while (modeler.get('elementRegistry').get(shape.id)) modeler.get('commandStack').undo();
  }

  async function eachField() {
    const kinds = new Map(editor.get('formFieldRegistry').getAll().map((field) => [field.type, field]));
    for (const field of kinds.values()) {
      editor.get('selection').set(field);
      await pause(100);
      await openAll();
    }
  }

  await pause(300);
  look();
  for (const [index, type] of types.entries()) await draw(type, 200 * index);
  if (editor) await eachField();
  return { shown: [...shown].sort(), untranslated: [...(place.untranslated || [])].sort() };
}
