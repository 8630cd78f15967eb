// Opens each diagram named on standard input (JSON list) and saves it as the studio would, unchanged.
// Answers JSON: [{ file, saved, losses } | { file, refused }]. `losses` is what the studio asks about first.
import { BpmnModdle } from 'bpmn-moddle';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { decoded, silentLosses } from '../../web/assets/studio/bytes.js';

const camunda = createRequire(import.meta.url)('camunda-bpmn-moddle/resources/camunda.json');

async function saved(file) {
  try {
    const xml = decoded(await readFile(file));
    const moddle = new BpmnModdle({ camunda });
    const { rootElement, warnings } = await moddle.fromXML(xml);
    const written = await moddle.toXML(rootElement, { format: true });
    return { file, saved: written.xml, losses: [...warnings.map(({ message }) => message), ...silentLosses(xml)] };
  } catch (error) {
    return { file, refused: error.message };
  }
}

const files = JSON.parse(await text(process.stdin));
const answers = [];
for (const file of files) answers.push(await saved(file));
process.stdout.write(JSON.stringify(answers));
