/** @jsxRuntime automatic @jsxImportSource @bpmn-io/properties-panel/preact */
// Entries of one value: a text, a choice, a tick, each kept as a property or as an attribute.
import {
  CheckboxEntry,
  SelectEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { useService } from 'bpmn-js-properties-panel';
import { words } from '../words.js';
import { read } from './properties.js';

export const property = (name) => ({
  id: name.replace('.', '-'),
  get: (element) => read(element, name),
  set: (writer, element, value) => writer.write(element, name, value),
});

// `together`: attributes that are set with it and go with it.
export const attribute = (name, together = {}) => ({
  id: name,
  get: (element) => getBusinessObject(element).get(`camunda:${name}`) || '',
  set: (writer, element, value) => {
    const others = Object.entries(together).map(([other, fixed]) => [`camunda:${other}`, value ? fixed : undefined]);
    writer.attribute(element, { [`camunda:${name}`]: value || undefined, ...Object.fromEntries(others) });
  },
});

export function text(kept, label, description) {
  function Text({ element, id }) {
    const writer = useService('studioWriter');
    const debounce = useService('debounceInput');
    return TextFieldEntry({
      element, id, label, description, debounce,
      getValue: () => kept.get(element),
      setValue: (value) => kept.set(writer, element, value),
    });
  }
  return { id: `studio-${kept.id}`, component: Text, isEdited: isTextFieldEntryEdited };
}

export function choice(kept, label, options, description) {
  function Choice({ element, id }) {
    const writer = useService('studioWriter');
    const offered = options(useService('config').studio);
    const value = kept.get(element);
    const other = value && !offered.some((one) => one.value === value);
    return SelectEntry({
      element, id, label, description,
      getOptions: () => [
        { value: '', label: words.choose },
        ...offered,
        ...(other ? [{ value, label: `${value} ${words.role_other}` }] : []),
      ],
      getValue: () => value,
      setValue: (chosen) => kept.set(writer, element, chosen),
    });
  }
  return { id: `studio-${kept.id}`, component: Choice, isEdited: isSelectEntryEdited };
}

export function tick(kept, label) {
  function Tick({ element, id }) {
    const writer = useService('studioWriter');
    return CheckboxEntry({
      element, id, label,
      getValue: () => kept.get(element) === 'true',
      setValue: (value) => kept.set(writer, element, value ? 'true' : ''),
    });
  }
  return { id: `studio-${kept.id}`, component: Tick, isEdited: isCheckboxEntryEdited };
}
