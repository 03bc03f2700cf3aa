/** Decides how systemic faults stand on the page: as a list, each with its size, one action and how it was found. Never holds styles. */
import type { RunFinding } from '../contract/item-view.ts';
import type { RunDocument } from '../contract/run.ts';
import { findingFacts, findingProof, findingsTitle, findingTitle, hasCauses } from './finding-wording.ts';
import { html, type Markup, NOTHING } from './markup.ts';

/** Findings of a run in their order. Where causes are known and none is systemic, the section says so; else there is none. */
export function findingsSection(run: RunDocument): Markup {
  const { findings } = run;
  if (findings.length === 0) {
    if (!hasCauses(run)) return NOTHING;
    return html`<section id="findings"><h2>No systemic fault</h2><p class="muted">No 8 documents or more have failed for one reason; each discrepancy has a cause of its own.</p></section>`;
  }
  return html`<section id="findings"><h2>${findingsTitle(findings, run.totals?.discrepancies ?? 0)}</h2>
<p class="muted">Many lines, one fault: settle it once, before any single line.</p>
<ul class="findings">${findings.map((finding) => findingMarkup(finding, run.currency))}</ul></section>`;
}

function findingMarkup(finding: RunFinding, currency: string): Markup {
  const [size = '', ...facts] = findingFacts(finding, currency);
  return html`<li><h3><span class="mark">${finding.id}</span> ${findingTitle(finding)}</h3>
<p><b>${size}</b>${facts.map((fact) => ` · ${fact}`).join('')} <button type="button" class="show" data-finding="${finding.id}" hidden>Show its lines</button></p>
<p><b>What to do:</b> ${finding.action}</p>
<details><summary>How it was found</summary><p>${findingProof(finding)}</p></details></li>`;
}
