// The two groups of our own in the properties panel: what the law asks, how the work is done.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { words } from '../words.js';
import { Clauses } from './clauses.jsx';
import { attribute, choice, property, text, tick } from './fields.jsx';
import { periodsEntry } from './periods.jsx';
import { Writer } from './properties.js';

const Periods = periodsEntry('legal.period', words.period, words.period_help);
const Meets = periodsEntry('legal.meets', words.meets, words.meets_help);

const named = (list) => list.map(({ id, name }) => ({ value: id, label: name }));
const plain = (list) => list.map((id) => ({ value: id, label: id }));
const agencies = () => [{ value: 'court', label: words.court }, { value: 'police', label: words.police }];

const formRef = choice(
  attribute('formRef', { formRefBinding: 'deployment' }), words.form, ({ forms }) => plain(forms), words.form_help,
);

const OF_USER_TASK = [
  choice(attribute('candidateGroups'), words.role, ({ roles }) => named(roles)),
  formRef,
  text(property('unit'), words.unit, words.unit_help),
  text(property('priority'), words.priority),
  tick(property('urgent'), words.urgent),
];
const OF_MESSAGE = [
  text(property('message.fields'), words.fields, words.fields_help),
  tick(property('message.documents'), words.documents),
  text(property('message.to'), words.to, words.to_help),
  tick(property('urgent'), words.urgent),
];
const OF_SERVICE = [
  choice(attribute('topic', { type: 'external' }), words.topic, ({ topics }) => plain(topics), words.topic_help),
];
const OF_PROCESS = [
  choice(property('agency'), words.agency, agencies),
  text(property('request.type'), words.request_type),
  text(property('request.about'), words.request_about),
  text(property('request.flag'), words.request_flag),
];

function sendsMessage(element) {
  if (is(element, 'bpmn:SendTask')) return true;
  const definitions = getBusinessObject(element).get('eventDefinitions') || [];
  return is(element, 'bpmn:ThrowEvent') && definitions.some((one) => is(one, 'bpmn:MessageEventDefinition'));
}

function entriesOf(element) {
  if (is(element, 'bpmn:UserTask')) return OF_USER_TASK;
  if (is(element, 'bpmn:StartEvent')) return [formRef];
  if (sendsMessage(element)) return OF_MESSAGE;
  if (is(element, 'bpmn:ServiceTask')) return OF_SERVICE;
  if (isAny(element, ['bpmn:Participant', 'bpmn:Process'])) return OF_PROCESS;
  return [];
}

const LAWFUL = ['bpmn:FlowNode', 'bpmn:SequenceFlow', 'bpmn:Participant', 'bpmn:Process'];

function groupsOf(element) {
  const groups = [];
  const entries = entriesOf(element);
  if (entries.length) groups.push({ id: 'studio-work', label: words.work, entries, shouldOpen: true });
  if (isAny(element, LAWFUL)) {
    groups.push({
      id: 'studio-law',
      label: words.law,
      shouldOpen: true,
      entries: [
        { id: 'studio-clause', component: Clauses },
        { id: 'studio-period', component: Periods },
        { id: 'studio-meets', component: Meets },
      ],
    });
  }
  return groups;
}

class StudioGroups {
  constructor(propertiesPanel) {
    // Last of all providers, so that our groups can stand right behind the general one.
    propertiesPanel.registerProvider(100, this);
  }

  getGroups(element) {
    return (groups) => {
      const [general, ...others] = groups;
      return general ? [general, ...groupsOf(element), ...others] : groupsOf(element);
    };
  }
}
StudioGroups.$inject = ['propertiesPanel'];

export const lawAndWork = {
  __init__: ['studioGroups'],
  studioGroups: ['type', StudioGroups],
  studioWriter: ['type', Writer],
};
