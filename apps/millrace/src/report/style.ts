/** The looks of reports: one column that fits a phone and a desk, light and dark by the reader's setting, plain on paper. */
export const style = `
:root { color-scheme: light dark; --ground: #fdfdfc; --panel: #f3f4f2; --ink: #1b1f1d; --soft: #5c6660; --line: #d8dcd9;
  --busy: #2f8f4e; --starved: #d9a21b; --blocked: #cc4a3a; --accent: #1d5f8a; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181a; --panel: #1e2326; --ink: #e6e9e7; --soft: #9aa5a0; --line: #343b3f;
  --busy: #3ba55f; --starved: #dcae3c; --blocked: #dd6052; --accent: #6cb2e0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .4rem; }
p { margin: .4rem 0 .8rem; max-width: 46rem; }
.soft, figcaption { color: var(--soft); font-size: .9rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .88em; }
pre { background: var(--panel); padding: .7rem .9rem; border-radius: 6px; overflow-x: auto; }
.wide { overflow-x: auto; margin: .6rem 0 1rem; -webkit-overflow-scrolling: touch; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; min-width: 100%; }
th { text-align: left; font-weight: 600; color: var(--soft); white-space: nowrap; }
th, td { padding: .32rem .7rem .32rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
td.number, th.number { text-align: right; white-space: nowrap; }
figure { margin: 1rem 0; }
.drawing { overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; text-align: center; }
.beside { display: grid; grid-template-columns: minmax(0, 42rem) minmax(12rem, 1fr); gap: 0 1.5rem; align-items: center; }
.beside ol { margin: 0; padding-left: 1.6rem; }
.chart { width: 100%; min-width: 30rem; max-width: 42rem; height: auto; display: block; }
.chart.wider { max-width: 52rem; } .chart text { font-size: 13px; fill: var(--soft); }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .roof { fill: none; stroke: var(--blocked); stroke-width: 2.5; }
.chart .mark { fill: var(--accent); }
.chart .other { fill: var(--ground); stroke: var(--accent); stroke-width: 2; }
.chart .frontier { fill: none; stroke: var(--blocked); stroke-width: 2; }
.chart .number { fill: var(--ground); font-weight: 700; font-size: 11px; }
.time { display: flex; height: .8rem; min-width: 9rem; background: var(--panel); border-radius: 2px; overflow: hidden; }
.busy { background: var(--busy); } .starved { background: var(--starved); } .blocked { background: var(--blocked); }
.key i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin: 0 .3rem 0 .9rem; vertical-align: -1px; }
.bars { display: grid; gap: .35rem; max-width: 42rem; }
.bar { display: grid; grid-template-columns: 8rem 1fr; align-items: center; gap: .2rem .6rem; position: relative; }
.bar i { background: var(--accent); height: 1.1rem; border-radius: 2px; display: block; }
.bar b { grid-column: 2; font-weight: 500; font-size: .85rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.shares { display: flex; height: 1.6rem; background: var(--panel); border-radius: 3px; overflow: hidden; margin: .6rem 0; }
.legend { list-style: none; padding: 0; margin: 0 0 1rem; display: flex; flex-wrap: wrap; gap: .15rem 1.2rem; font-size: .9rem; }
.legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem; vertical-align: -1px; }
.legend b { font-weight: 500; color: var(--soft); font-variant-numeric: tabular-nums; }
.part0 { background: var(--busy); } .part1 { background: #c4453a; } .part2 { background: #e08a5b; } .part3 { background: #7a5fb5; }
.part4 { background: #d9a21b; } .part5 { background: #b0578d; } .part6 { background: #4f8fc0; } .part7 { background: #8a9a94; } .part8 { background: var(--line); }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1.5rem; align-items: start; }
.heat { width: 100%; height: auto; display: block; } .heat rect { fill: var(--accent); stroke: var(--line); stroke-width: .5; }
.heat text { font-size: 10px; fill: var(--soft); }
.phases { display: grid; gap: .1rem; max-width: 52rem; } .phase { display: grid; grid-template-columns: 9rem 1fr 5rem; align-items: center; gap: .6rem; }
.phase .shares { margin: .2rem 0; } .phase b { font-weight: 500; font-size: .85rem; color: var(--soft); font-variant-numeric: tabular-nums; text-align: right; }
details > summary { cursor: pointer; color: var(--accent); }
@media (max-width: 60rem) { .beside { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 34rem) { .chart { min-width: 0; } .chart text { font-size: 17px; } .chart .number { font-size: 12px; } th, td { padding-right: .5rem; } table { font-size: .86rem; } body { font-size: 15px; padding: 1rem .8rem 2rem; } .bar { grid-template-columns: 5.5rem 1fr; } }
@media print { .chart { min-width: 0; } body { max-width: none; font-size: 11px; } .drawing, .wide { overflow: visible; } h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; } details > summary { display: none; } details:not([open]) > * { display: block; } }
`;
