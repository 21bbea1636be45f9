/** The few signs on the pages. They say nothing that the words beside them do not say. */
import { type Html, html } from './html.ts';

const drawn = (shape: Html): Html => html`<svg viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

export const icons = {
  message: drawn(
    html`<path d="M20 15a2 2 0 0 1-2 2H9l-5 4V6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2z"/><path d="M8.5 9h7M8.5 12.5h4"/>`,
  ),
  email: drawn(html`<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6 8.5-6"/>`),
  call: drawn(
    html`<path d="M6.5 3.5h3l1.5 4-2 1.5a12 12 0 0 0 6 6l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 5.7a2 2 0 0 1 2-2.2z"/>`,
  ),
  questions: drawn(
    html`<circle cx="12" cy="12" r="9"/><path d="M9.5 9.3a2.6 2.6 0 1 1 3.8 2.3c-.9.5-1.3 1-1.3 1.9"/><path d="M12 16.8v.01"/>`,
  ),
  key: drawn(
    html`<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8.5-8.5M16 7.5l2.5 2.5M13.5 10l1.5 1.5"/>`,
  ),
  shield: drawn(
    html`<path d="M12 3l7.5 3v5.5c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V6z"/><path d="M12 8.5v4M12 15.8v.01"/>`,
  ),
  person: drawn(html`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>`),
  check: drawn(html`<path d="m5 12.5 4.5 4.5L19.5 7"/>`),
  lock: drawn(
    html`<rect x="5" y="11" width="14" height="9.5" rx="2"/><path d="M8 11V7.5a4 4 0 0 1 8 0V11"/>`,
  ),
  alert: drawn(html`<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10.5v4M12 17v.01"/>`),
  clock: drawn(html`<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`),
  support: drawn(
    html`<path d="M4.5 14v-2a7.5 7.5 0 0 1 15 0v2"/><rect x="3.5" y="13.5" width="4" height="6" rx="1.5"/><rect x="16.5" y="13.5" width="4" height="6" rx="1.5"/>`,
  ),
} as const;
