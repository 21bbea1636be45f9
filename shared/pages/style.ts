/** The style of every page: one card, on phones the whole screen; light and dark; from left to right and from right to left. */
import { type Accent, accentsOf, surfaces } from './colour.ts';

const kept = new Map<string | undefined, string>();

/** @param colour the deployment's, as `#rrggbb` */
export function styleFor(colour: string | undefined): string {
  const known = kept.get(colour);
  if (known !== undefined) return known;
  const { light, dark } = accentsOf(colour);
  const style = [
    `:root{color-scheme:light dark;${palette(light, lightTones)}}`,
    `@media (prefers-color-scheme:dark){:root{${palette(dark, darkTones)}}}`,
    rules.replace(/\n\s*/g, ''),
  ].join('');
  kept.set(colour, style);
  return style;
}

interface Tones {
  readonly card: string;
  readonly page: string;
  readonly text: string;
  readonly soft: string;
  readonly line: string;
  /** The frame of a field or a tile: 3 to 1 against the card (WCAG 2.2, 1.4.11). */
  readonly frame: string;
  readonly tint: string;
  readonly bad: string;
  readonly badTint: string;
  readonly shade: string;
}

const lightTones: Tones = {
  card: surfaces.light,
  page: '#f1f3f7',
  text: '#171a21',
  soft: '#545b69',
  line: '#dde1e8',
  frame: '#868d9b',
  tint: '#f3f5f9',
  bad: '#b3261e',
  badTint: '#fdf0ef',
  shade: '0 1px 2px #10182814,0 12px 32px #10182814',
};

const darkTones: Tones = {
  card: surfaces.dark,
  page: '#101217',
  text: '#f0f2f6',
  soft: '#adb4c2',
  line: '#333843',
  frame: '#767e8e',
  tint: '#252932',
  bad: '#ff9c94',
  badTint: '#3a2020',
  shade: 'none',
};

const palette = ({ fill, onFill, ink }: Accent, tones: Tones): string =>
  Object.entries({ fill, 'on-fill': onFill, ink, ...tones })
    .map(([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${value};`)
    .join('');

const rules = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;overflow-wrap:break-word}
main,footer{width:100%;max-width:27.5rem;margin-inline:auto}
main{margin-top:auto;background:var(--card);border:1px solid var(--line);border-radius:1.25rem;box-shadow:var(--shade);padding:2.25rem 2.25rem 1.75rem}
footer{margin-bottom:auto;padding:1.25rem 2.25rem 2rem;text-align:center;color:var(--soft);font-size:.875rem}
footer p{margin:0}
.brand{display:flex;align-items:center;gap:.75rem;font-weight:600;margin:0 0 1.75rem}
.brand img{display:block;height:2.25rem;max-width:11rem;object-fit:contain}
.brand i{display:grid;place-items:center;flex:none;width:2.25rem;height:2.25rem;border-radius:.625rem;background:var(--fill);color:var(--on-fill);font-style:normal}
h1{font-size:1.625rem;line-height:1.25;letter-spacing:-.015em;font-weight:650;margin:0 0 .5rem;text-wrap:balance}
h1:lang(ar){letter-spacing:0}
h2{font-size:1rem;font-weight:600;margin:0 0 .25rem}
p{margin:0 0 1rem;text-wrap:pretty}
.lead{margin-bottom:1.5rem}
.soft,.hint{color:var(--soft)}
.hint{font-size:.875rem;margin:0}
.piece{white-space:nowrap;font-weight:600}
.person{display:inline-flex;align-items:center;gap:.5rem;max-width:100%;margin:0 0 1.25rem;padding:.25rem .875rem .25rem .625rem;border:1px solid var(--line);border-radius:2rem;color:var(--soft);font-size:.875rem}
.person:dir(rtl){padding:.25rem .625rem .25rem .875rem}
.person span{min-width:0;overflow-wrap:anywhere}
.steps{margin:0 0 .5rem;color:var(--soft);font-size:.875rem;font-weight:600}
svg{flex:none;width:1.25rem;height:1.25rem;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.big{display:grid;place-items:center;width:3.5rem;height:3.5rem;margin-bottom:1.25rem;border-radius:50%;background:var(--tint);color:var(--ink)}
.big svg{width:1.75rem;height:1.75rem}
.bad.big{background:var(--bad-tint);color:var(--bad)}
a{color:var(--ink);text-underline-offset:.2em}
label,legend,.label{font-weight:600}
fieldset{border:0;margin:0;padding:0;min-width:0}
.field{margin:0 0 1.25rem}
.field label{display:block;margin-bottom:.375rem}
.field .hint{margin-bottom:.5rem}
input+.hint{margin-top:.625rem}
input[type=text]{width:100%;min-height:3.25rem;padding:.5rem .875rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--frame);border-radius:.75rem}
input.digits{font-size:1.5rem;font-variant-numeric:tabular-nums;letter-spacing:.25em;font-weight:600}
input.letters{font-size:1.125rem;letter-spacing:.06em;text-transform:uppercase}
.wrong input[type=text]{border-color:var(--bad);border-width:2px}
.why{color:var(--bad);font-weight:600;margin:0 0 .5rem}
input+.why{margin:.625rem 0 0}
.why:empty{margin:0}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
.button,button{display:block;width:100%;padding:.75rem 1.25rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:var(--on-fill);background:var(--fill);border:1px solid var(--fill);border-radius:.75rem;cursor:pointer}
.button:hover,button:hover{filter:brightness(.93)}
.plain{color:var(--ink);background:none;border-color:var(--frame)}
.plain:hover{background:var(--tint);filter:none}
.quiet{color:var(--soft);background:none;border-color:transparent;font-weight:500;padding-block:.5625rem}
.quiet:hover{background:var(--tint);color:var(--text);filter:none}
button[aria-disabled=true]{opacity:.65;cursor:progress}
form+form,.button+form,form+.button,.button+.button,.stack>*+*{margin-top:.75rem}
.end{margin-top:1.25rem}
.problem{margin:0 0 1.5rem;padding:.875rem 1rem;background:var(--bad-tint);border-inline-start:4px solid var(--bad);border-radius:.5rem}
.problem p{margin:.125rem 0 0}
.problem a{color:var(--bad)}
.note{display:flex;gap:.625rem;margin:0 0 1.5rem;padding:.75rem .875rem;background:var(--tint);border-radius:.75rem;font-size:.875rem}
.note svg{margin-top:.0625rem;color:var(--ink)}
.note p{margin:0}
.help{margin-top:1.75rem;padding-top:1.5rem;border-top:1px solid var(--line)}
.help p{font-size:.875rem;color:var(--soft);margin-bottom:.75rem}
.help .after{margin:.375rem 0 0;text-align:center;font-size:.8125rem}
.tiles{display:grid;gap:.625rem;margin:0 0 1.5rem}
.tile{display:flex;align-items:center;gap:.875rem;min-height:4rem;padding:.625rem 1rem;border:1px solid var(--frame);border-radius:.875rem;font-weight:400;cursor:pointer}
.tile:hover{background:var(--tint)}
.tile:has(:checked){border-color:var(--ink);box-shadow:inset 0 0 0 1px var(--ink)}
.tile:has(:focus-visible){outline:3px solid var(--ink);outline-offset:2px}
.tile input{flex:none;width:1.25rem;height:1.25rem;margin:0;accent-color:var(--ink);outline:0}
.tile svg{color:var(--ink)}
.tile span{flex:1;min-width:0}
.tile b{display:block;font-weight:600}
.tile small{display:block;color:var(--soft);font-size:.875rem}
.off{cursor:default;border-style:dashed;background:var(--tint)}
.off svg{color:var(--soft)}
.off b{color:var(--soft)}
.spin{width:2.75rem;height:2.75rem;margin-bottom:1.25rem;border-radius:50%;border:4px solid var(--line);border-top-color:var(--ink);animation:turn 1s linear infinite}
@keyframes turn{to{transform:rotate(1turn)}}
ul{margin:0 0 1.5rem;padding-inline-start:1.25rem}
li+li{margin-top:.5rem}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none}
@media (max-width:30rem){
body{background:var(--card)}
main{margin-top:0;border:0;border-radius:0;box-shadow:none;padding:1.5rem 1.25rem .5rem}
footer{padding:1rem 1.25rem 2rem}
}
@media (prefers-reduced-motion:reduce){.spin{animation-duration:6s}}
@media (forced-colors:active){.tile:has(:checked){outline:2px solid Highlight}}
`;
