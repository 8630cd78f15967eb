// Chinese for bpmn-js, its panel and its tools: two public dictionaries and what they lack.
import bpmn from 'bpmn-js-i18n-zh/lib/bpmn-js';
import camunda from 'bpmn-js-i18n-zh/lib/camunda-properties-panel';
import panel from 'bpmn-js-i18n-zh/lib/properties-panel';
import common from 'bpmn-js-i18n/translations/zn.js';
import own from './chinese.js';
import { inEnglish } from './words.js';

const chinese = { ...bpmn, ...panel, ...camunda, ...common, ...own };

// Templates that were asked for and have no Chinese: a test reads them.
export const missing = new Set();

function filled(template, replacements) {
  return template.replace(/{([^}]+)}/g, (whole, key) => {
    if (!(key in replacements)) return whole;
    return (!inEnglish && chinese[replacements[key]]) || replacements[key];
  });
}

export function translate(template, replacements = {}) {
  if (inEnglish) return filled(template, replacements);
  if (!(template in chinese) && /[A-Za-z]{2}/.test(template)) missing.add(template);
  return filled(chinese[template] || template, replacements);
}

export const translation = { translate: ['value', translate] };
