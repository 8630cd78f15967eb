/** @jsxRuntime automatic @jsxImportSource @bpmn-io/properties-panel/preact */
// A list of statutory periods, picked from the norms: legal.period and legal.meets.
import { useService } from 'bpmn-js-properties-panel';
import { words } from '../words.js';
import { readList } from './properties.js';

function label({ id, name, profiles }) {
  return `${name}（${id}${profiles.length ? `，${profiles.join('、')}` : ''}）`;
}

export function periodsEntry(property, title, help) {
  return function Periods({ element, id }) {
    const writer = useService('studioWriter');
    const { periods } = useService('config').studio;
    const ids = readList(element, property);
    const names = new Map(periods.map((one) => [one.id, label(one)]));
    const write = (values) => writer.writeList(element, property, [...new Set(values)]);
    const add = (event) => {
      if (event.target.value) write([...ids, event.target.value]);
      event.target.value = '';
    };
    return (
      <div class="bio-properties-panel-entry" data-entry-id={id} data-own-words>
        <label class="bio-properties-panel-label" for={`bio-properties-panel-${id}`}>{title}</label>
        <ul class="studio-clauses">
          {ids.map((one) => (
            <li key={one}>
              <div class="studio-clause-head">
                <span>{names.get(one) || one}</span>
                <button type="button" class="btn btn-sm btn-link" aria-label={`${words.remove} ${one}`}
                  onClick={() => write(ids.filter((other) => other !== one))}>{words.remove}</button>
              </div>
            </li>
          ))}
        </ul>
        <select id={`bio-properties-panel-${id}`} class="bio-properties-panel-input" onChange={add} value="">
          <option value="">{words.choose}</option>
          {periods.filter((one) => !ids.includes(one.id)).map((one) => <option key={one.id} value={one.id}>{label(one)}</option>)}
        </select>
        <div class="bio-properties-panel-description">{help}</div>
      </div>
    );
  };
}
