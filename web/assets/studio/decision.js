// dmn-js as the editor of decisions; the engine's own FEEL evaluates what stands in it.
import Modeler from 'dmn-js/lib/Modeler';
import camunda from 'camunda-dmn-moddle/resources/camunda.json';
import { decoded, silentLosses } from './bytes.js';
import { decisionWords } from './decision_words.js';
import { translateWithin } from './dom_words.js';
import { TryOut } from './try_out.js';
import { translation } from './translate.js';
import { words } from './words.js';

const SIGNS = { drd: '◇', decisionTable: '▦', literalExpression: '=', boxedExpression: '=' };

function nameOf(view) {
  return view.type === 'drd' ? words.decision_graph : view.element.name || view.element.id;
}

function showTabs(page, modeler) {
  const place = page.place.querySelector('[data-views]');
  const draw = () => {
    const active = modeler.getActiveView();
    place.replaceChildren(...modeler.getViews().map((view) => {
      const tab = document.createElement('button');
      tab.type = 'button';
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-selected', String(view === active));
      tab.dataset.ownWords = '';
      tab.textContent = `${SIGNS[view.type] || ''} ${nameOf(view)}`;
      tab.addEventListener('click', () => modeler.open(view));
      return tab;
    }));
  };
  modeler.on('views.changed', draw);
  draw();
}

function followChanges(page, modeler) {
  const followed = new Set();
  const follow = () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || followed.has(viewer)) return;
    followed.add(viewer);
    viewer.on('commandStack.changed', () => page.changed());
  };
  modeler.on('views.changed', follow);
  follow();
}

export async function openDecision(page, bytes) {
  const xml = decoded(bytes);
  const own = { additionalModules: [translation] };
  const modeler = new Modeler({
    container: page.canvas,
    moddleExtensions: { camunda },
    drd: own,
    decisionTable: own,
    literalExpression: own,
    boxedExpression: own,
  });
  translateWithin(document.body, decisionWords);
  const { warnings } = await modeler.importXML(xml);
  const table = modeler.getViews().find((view) => view.type !== 'drd');
  if (table) await modeler.open(table);
  const content = async () => (page.dirty ? (await modeler.saveXML({ format: true })).xml : bytes);
  const written = async () => (page.dirty ? content() : xml);
  showTabs(page, modeler);
  followChanges(page, modeler);
  new TryOut(page, written, modeler);
  page.place.modeler = modeler;
  return {
    losses: [...warnings.map((warning) => warning.message), ...silentLosses(xml)],
    content,
    select: (id) => {
      const view = modeler.getViews().find((one) => one.element.id === id);
      if (view) modeler.open(view);
    },
  };
}
