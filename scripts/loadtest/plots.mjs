/* The plots of a report, as SVG, which comes by promise: nothing is left to be drawn by a script. */
import * as vega from 'vega';

const COLOURS = { succeeded: '#4c78a8', refused: '#eeca3b', failed: '#e45756' };
const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 };

/** Answers of each second, one outcome above the other. */
export function plotRate(seconds) {
  const values = seconds.flatMap((one, second) =>
    Object.keys(COLOURS).map((outcome) => ({ second, outcome, count: one[outcome] })),
  );
  const stack = { type: 'stack', groupby: ['second'], field: 'count' };
  return render({
    data: [{ name: 'table', values, transform: [stack] }],
    scales: [
      ...overTime({ type: 'linear', domain: { data: 'table', field: 'y1' }, zero: true }),
      { name: 'colour', type: 'ordinal', domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
    ],
    axes: axes('seconds', 'answers a second'),
    legends: [{ fill: 'colour', orient: 'top' }],
    marks: bySeries('outcome', 'area', {
      x: { scale: 'x', field: 'second' },
      y: { scale: 'y', field: 'y0' },
      y2: { scale: 'y', field: 'y1' },
      fill: { scale: 'colour', field: 'outcome' },
    }),
  });
}

/** How long answers took in each second. */
export function plotTimes(seconds) {
  const values = seconds.flatMap(({ times }, second) =>
    Object.entries(SHARES)
      .filter(() => times.count > 0)
      .map(([share, part]) => ({ second, share, ms: times.percentile(part) })),
  );
  return render({
    data: [{ name: 'table', values }],
    scales: [
      ...overTime({ type: 'log', domain: { data: 'table', field: 'ms' } }),
      { name: 'colour', type: 'ordinal', domain: Object.keys(SHARES), range: { scheme: 'tableau10' } },
    ],
    axes: axes('seconds', 'milliseconds'),
    legends: [{ stroke: 'colour', orient: 'top', symbolType: 'stroke' }],
    marks: bySeries('share', 'line', {
      x: { scale: 'x', field: 'second' },
      y: { scale: 'y', field: 'ms' },
      stroke: { scale: 'colour', field: 'share' },
      strokeWidth: { value: 2 },
    }),
  });
}

/** From the median to the 99th percentile of each operation. */
export function plotOperations(operations) {
  const values = operations.map(({ name, times }) => ({
    name,
    p50: times.percentile(0.5),
    p99: times.percentile(0.99),
  }));
  const row = { scale: 'y', field: 'name', band: 0.5 };
  const span = { x: { scale: 'x', field: 'p50' }, x2: { scale: 'x', field: 'p99' }, y: row };
  const line = { stroke: { value: '#bbb' }, strokeWidth: { value: 3 } };
  const dot = (field, colour) =>
    mark('symbol', 'table', {
      x: { scale: 'x', field },
      y: row,
      fill: { value: colour },
      size: { value: 60 },
    });
  const range = { data: 'table', fields: ['p50', 'p99'] };
  return render({
    height: 22 * values.length,
    data: [{ name: 'table', values }],
    scales: [
      { name: 'x', type: 'log', domain: range, range: 'width', nice: true },
      { name: 'y', type: 'band', domain: { data: 'table', field: 'name' }, range: 'height' },
    ],
    axes: axes('milliseconds: median and 99th percentile', undefined),
    marks: [mark('rule', 'table', { ...span, ...line }), dot('p50', '#4c78a8'), dot('p99', '#e45756')],
  });
}

function overTime(y) {
  return [
    { name: 'x', type: 'linear', domain: { data: 'table', field: 'second' }, range: 'width' },
    { name: 'y', range: 'height', nice: true, ...y },
  ];
}

function bySeries(field, type, enter) {
  const facet = { name: 'series', data: 'table', groupby: field };
  return [{ type: 'group', from: { facet }, marks: [mark(type, 'series', enter)] }];
}

function mark(type, data, enter) {
  return { type, from: { data }, encode: { enter } };
}

function axes(xTitle, yTitle) {
  return [
    { orient: 'bottom', scale: 'x', title: xTitle, grid: true, tickCount: 8, format: '~s' },
    { orient: 'left', scale: 'y', title: yTitle, ...(yTitle && { grid: true, format: '~s', tickCount: 5 }) },
  ];
}

function render(chart) {
  const spec = { width: 720, height: 220, padding: 8, autosize: 'pad', ...chart };
  return new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
}
