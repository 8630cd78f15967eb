/** @jsxRuntime automatic @jsxImportSource @bpmn-io/properties-panel/preact */
// 法律依据: the clauses an element carries out, each with its words; found by number, place or words.
import { useEffect, useState } from '@bpmn-io/properties-panel/preact/hooks';
import { useService } from 'bpmn-js-properties-panel';
import { words } from '../words.js';
import { readList } from './properties.js';

const WAIT = 250;
const known = new Map();

async function asked(url) {
  const answer = await fetch(url, { credentials: 'same-origin' });
  const found = answer.ok ? await answer.json() : [];
  for (const one of found) known.set(one.id, one);
  return found;
}

async function quoted(address, ids) {
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length) await asked(`${address}?id=${encodeURIComponent(unknown.join(','))}`);
  return ids.map((id) => known.get(id) || { id, place: '', quote: '' });
}

function Clause({ clause, act, label }) {
  return (
    <li>
      <div class="studio-clause-head">
        <code>{clause.id}</code>
        <button type="button" class="btn btn-sm btn-link" onClick={act} aria-label={`${label} ${clause.id}`}>{label}</button>
      </div>
      <div class="text-secondary">{clause.place || words.clause_unknown}</div>
      {clause.quote && <blockquote>{clause.quote}</blockquote>}
    </li>
  );
}

function Search({ address, choose }) {
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!typed.trim()) {
      setFound(null);
      return undefined;
    }
    const waiting = setTimeout(async () => setFound(await asked(`${address}?q=${encodeURIComponent(typed)}`)), WAIT);
    return () => clearTimeout(waiting);
  }, [typed]);
  const take = (id) => {
    choose(id);
    setTyped('');
  };
  return (
    <div>
      <input type="search" class="bio-properties-panel-input" value={typed} placeholder={words.clause_search}
        aria-label={words.clause_search} onInput={(event) => setTyped(event.target.value)} />
      {found && !found.length && <p class="text-secondary">{words.clause_none}</p>}
      {found && (
        <ul class="studio-found">
          {found.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => take(one.id)}><code>{one.id}</code> {one.place}<span>{one.quote}</span></button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Clauses({ element, id }) {
  const writer = useService('studioWriter');
  const { clauses: address } = useService('config').studio;
  const ids = readList(element, 'legal.clause');
  const [shown, setShown] = useState([]);
  useEffect(() => {
    let current = true;
    quoted(address, ids).then((found) => current && setShown(found));
    return () => {
      current = false;
    };
  }, [ids.join(',')]);
  const write = (values) => writer.writeList(element, 'legal.clause', [...new Set(values)]);
  return (
    <div class="bio-properties-panel-entry" data-entry-id={id} data-own-words>
      <span class="bio-properties-panel-label">{words.clause}</span>
      <ul class="studio-clauses">
        {shown.map((one) => (
          <Clause key={one.id} clause={one} label={words.remove} act={() => write(ids.filter((other) => other !== one.id))} />
        ))}
      </ul>
      <Search address={address} choose={(chosen) => write([...ids, chosen])} />
    </div>
  );
}
