// The page bundle that shows a procedure or an instance on its diagram.
//
//   <div id="d1" class="diagram" data-diagram-url="/…/diagram.bpmn" data-states-url="/…/states.json"></div>
//
// States come from data-states-url, or from a script anywhere in the page, read again whenever htmx
// brings a new one (so a polled fragment keeps the diagram live):
//
//   <script type="application/json" data-states-for="d1">
//     {"Task_1": {"states": ["active", "overdue"], "count": 2, "note": "承办人 · 逾期 3 天"}}
//   </script>
//
// states: done, active, overdue, incident; on sequence flows too. count: a number on the corner.
// data-current="Task_1" on the place: where the view begins when the whole cannot be read.
// note: a line above the element. Any element with data-element="Task_1" selects that shape and is
// marked .is-selected when the shape is selected.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram/diagram.css';
import { Diagram } from './diagram/diagram.js';

const shown = new Map();

function closeThoseGone() {
  for (const [id, diagram] of shown) {
    if (diagram.place.isConnected) continue;
    diagram.close();
    shown.delete(id);
  }
}

function showAll() {
  closeThoseGone();
  for (const place of document.querySelectorAll('[data-diagram-url]')) {
    if (shown.has(place.id)) shown.get(place.id).markAgain();
    else shown.set(place.id, new Diagram(place));
  }
}

document.addEventListener('DOMContentLoaded', showAll);
document.addEventListener('htmx:afterSettle', showAll);
