// camunda:property by name, read and written so that every change can be undone.
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

// A pool carries its process's properties: that is where the engine reads `agency`.
function bearer(element) {
  const object = getBusinessObject(element);
  return is(object, 'bpmn:Participant') ? object.processRef || object : object;
}

function first(values, type) {
  return values.find((value) => is(value, type));
}

function containers(element) {
  const object = bearer(element);
  const extensions = object.get('extensionElements');
  const properties = extensions && first(extensions.get('values'), 'camunda:Properties');
  return { object, extensions, properties };
}

function named(element, name) {
  const { properties } = containers(element);
  return properties?.get('values').find((one) => one.get('name') === name);
}

export function read(element, name) {
  return named(element, name)?.get('value') || '';
}

export function readList(element, name) {
  return read(element, name).split(',').map((one) => one.trim()).filter(Boolean);
}

export class Writer {
  constructor(commandStack, bpmnFactory) {
    this.commandStack = commandStack;
    this.bpmnFactory = bpmnFactory;
  }

  // An empty value takes the property away, and its container with the last one.
  write(element, name, value) {
    const known = named(element, name);
    if (known && value) this.run([this.change(element, known, { value })]);
    else if (known) this.run([this.takeOut(element, known)]);
    else if (value) this.run(this.putIn(element, name, value));
  }

  writeList(element, name, values) {
    this.write(element, name, values.join(','));
  }

  attribute(element, properties) {
    this.run([this.change(element, getBusinessObject(element), properties)]);
  }

  run(commands) {
    this.commandStack.execute('properties-panel.multi-command-executor', commands);
  }

  change(element, moddleElement, properties) {
    return { cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } };
  }

  takeOut(element, known) {
    const { extensions, properties } = containers(element);
    const values = properties.get('values').filter((one) => one !== known);
    if (values.length) return this.change(element, properties, { values });
    return this.change(element, extensions, { values: extensions.get('values').filter((one) => one !== properties) });
  }

  putIn(element, name, value) {
    const commands = [];
    const found = containers(element);
    const extensions = found.extensions || this.child('bpmn:ExtensionElements', { values: [] }, found.object);
    if (!found.extensions) commands.push(this.change(element, found.object, { extensionElements: extensions }));
    const properties = found.properties || this.child('camunda:Properties', { values: [] }, extensions);
    if (!found.properties) {
      commands.push(this.change(element, extensions, { values: [...extensions.get('values'), properties] }));
    }
    const made = this.child('camunda:Property', { name, value }, properties);
    commands.push(this.change(element, properties, { values: [...properties.get('values'), made] }));
    return commands;
  }

  child(type, properties, parent) {
    const made = this.bpmnFactory.create(type, properties);
    made.$parent = parent;
    return made;
  }
}
Writer.$inject = ['commandStack', 'bpmnFactory'];
