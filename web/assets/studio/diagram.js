// bpmn-js as the analyst's drawing board.
import ElementTemplateChooser from '@bpmn-io/element-template-chooser';
import Modeler from 'bpmn-js/lib/Modeler';
import { ElementTemplatesPropertiesProviderModule } from 'bpmn-js-element-templates';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  CamundaPlatformPropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import TokenSimulation from 'bpmn-js-token-simulation';
import camundaBehaviors from 'camunda-bpmn-js-behaviors/lib/camunda-platform';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import Minimap from 'diagram-js-minimap';
import templates from '../../../workflows/.camunda/element-templates/liandong.json';
import { decoded, silentLosses } from './bytes.js';
import { ComplaintMarks } from './complaint_marks.js';
import { translateWithin } from './dom_words.js';
import { lawAndWork } from './panel/groups.js';
import { rehearsalWords } from './rehearsal_words.js';
import { missing, translation } from './translate.js';
import { showWhole } from '../diagram/view.js';

function modelerIn(page) {
  const vocabulary = JSON.parse(document.getElementById('studio-words').textContent);
  return new Modeler({
    container: page.canvas,
    propertiesPanel: { parent: page.place.querySelector('[data-panel]') },
    moddleExtensions: { camunda },
    elementTemplates: templates,
    studio: { ...vocabulary, clauses: page.place.dataset.clauses },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      CamundaPlatformPropertiesProviderModule,
      ElementTemplatesPropertiesProviderModule,
      ElementTemplateChooser,
      camundaBehaviors,
      TokenSimulation,
      Minimap,
      lawAndWork,
      translation,
    ],
  });
}

function select(modeler, id) {
  const element = modeler.get('elementRegistry').get(id);
  if (!element) return;
  modeler.get('selection').select(element);
  modeler.get('canvas').scrollToElement(element, { top: 120, bottom: 120, left: 160, right: 120 });
}

export async function openDiagram(page, bytes) {
  const xml = decoded(bytes);
  const modeler = modelerIn(page);
  const { warnings } = await modeler.importXML(xml);
  modeler.get('elementTemplates').set(templates);
  translateWithin(page.place, rehearsalWords);
  showWhole(modeler);
  modeler.on('commandStack.changed', () => page.changed());
  const marks = new ComplaintMarks(modeler);
  // For the console and the tests; nothing of the page depends on it.
  Object.assign(page.place, { modeler, untranslated: missing });
  return {
    losses: [...warnings.map((warning) => warning.message), ...silentLosses(xml)],
    // Unchanged, the file stays byte for byte what it was.
    content: async () => (page.dirty ? (await modeler.saveXML({ format: true })).xml : bytes),
    select: (id) => select(modeler, id),
    mark: (complaints) => marks.show(complaints),
  };
}
