import fs from 'node:fs';
import * as vega from 'vega';
import { inRoot } from '../scripts/ensure.mjs';

const ROW_PX = 34;

/**
 * An SVG: how many requests a second each server answers in each scenario, on a logarithmic scale.
 * @param values `{ scenario, name, perSecond }`
 */
export function plot(values) {
  const chart = JSON.parse(fs.readFileSync(inRoot('bench/plot.vega.json'), 'utf8'));
  const height = ROW_PX * new Set(values.map(({ scenario }) => scenario)).size;
  const [data, ...rest] = chart.data;
  const view = new vega.View(vega.parse({ ...chart, height, data: [{ ...data, values }, ...rest] }), {
    renderer: 'none',
  });
  return view.toSVG();
}
