// On every page: Bootstrap's look and the few parts of its behaviour that pages use, htmx, our theme.
// Pages work without this file; it only makes them quicker to use.
import 'bootstrap/dist/css/bootstrap.css';
import './theme/colours.css';
import './theme/frame.css';
import './theme/lists.css';
import './theme/forms.css';
import './theme/history.css';
import './theme/pages.css';
import './theme/documents.css';
import './theme/cockpit.css';
import './theme/norms.css';
import './theme/print.css';

import 'bootstrap/js/dist/collapse';
import 'bootstrap/js/dist/dropdown';
import 'bootstrap/js/dist/modal';
import 'bootstrap/js/dist/offcanvas';
import 'bootstrap/js/dist/tab';

import './lib/exchange.js';
import './lib/errors.js';
import './lib/details.js';
import './lib/tabs.js';
