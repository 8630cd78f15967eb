// The analysts' editor of forms: form-js, with the officers' own renderer for the preview.
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import '@bpmn-io/form-js-editor/dist/assets/properties-panel.css';
import './studio/editor.css';
import { openForm } from './studio/form.js';
import { start } from './studio/page.js';

start(openForm);
