/** One character as a terminal shows it. */
export interface Glyph {
  readonly text: string;
  /** Terminal cells it takes: 0, 1, 2, or those of a tab. */
  readonly cells: number;
  /** UTF-16 offset of the character in the line. */
  readonly offset: number;
}

const tab = "    ";
const replacement = "\ufffd";
const controlPictures = 0x2400;
const deletePicture = "\u2421";

const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Characters that reorder or hide the text around them; shown, they could make a message lie about the source. */
const directional = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u;
/** The East Asian wide and fullwidth blocks, and what terminals draw as emoji: two cells each. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** What to show for one character at `offset`: never a control character, so no text can steer the terminal. */
export function glyphOf(character: string, offset: number): Glyph {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return { text: character, cells: 1, offset };
  if (code === 0x09) return { text: tab, cells: tab.length, offset };
  if (code < 0x20) return { text: String.fromCodePoint(controlPictures + code), cells: 1, offset };
  if (code === 0x7f) return { text: deletePicture, cells: 1, offset };
  if (code < 0xa0 || isSurrogate(code) || code === 0x2028 || code === 0x2029 || directional.test(character)) {
    return { text: replacement, cells: 1, offset };
  }
  if (zeroWidth.test(character)) return { text: character, cells: 0, offset };
  return { text: character, cells: wide.test(character) ? 2 : 1, offset };
}

/** `text` with every character replaced by its {@link glyphOf}: fit for a terminal, on one line. */
export function showable(text: string): string {
  let shown = "";
  for (const character of text) shown += glyphOf(character, 0).text;
  return shown;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
