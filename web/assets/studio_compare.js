// Two versions of a diagram side by side, moved together, their differences marked and listed.
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import { compare } from './studio/compare.js';

const place = document.querySelector('[data-compare]');
if (place) compare(place);
