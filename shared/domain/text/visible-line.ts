/** A name from outside as one line of visible text: no controls, no marks that turn the direction of the rest. */

/**
 * Characters that nobody sees. Left as they are: a joiner within an emoji or between letters that join, as in Persian
 * and Hindi, the letters of a flag, and the choice of an emoji's look.
 */
const unseen =
  /(?<=[[\p{L}--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]]\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D](?=[[\p{L}--[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]]\p{Extended_Pictographic}])|\u{1F3F4}[\u{E0061}-\u{E007A}]+\u{E007F}|([[\p{Cf}\p{Default_Ignorable_Code_Point}]--[\uFE00-\uFE0F]])/gv;
const gap = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** @param most code points that it may have; it is cut before a character that would fit in part only */
export function visibleLine(name: string, most: number): string {
  const visible = name.replace(unseen, (mark, isUnseen) => (isUnseen === undefined ? mark : ''));
  return cut(visible.replace(gap, ' ').trim(), most).trim();
}

function cut(text: string, most: number): string {
  let kept = '';
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    length += Array.from(segment).length;
    if (length > most) break;
    kept += segment;
  }
  return kept;
}
